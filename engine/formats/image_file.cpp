#include "engine/formats/image_file.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>

#include "engine/base/error.h"
#include "engine/formats/ase/ase_file.h"
#include "engine/formats/file_kind.h"
#include "engine/formats/gif_reader.h"
#include "engine/formats/image_limits.h"
#include "engine/formats/png_checks.h"
#include "engine/formats/png_chunks.h"
#include "engine/formats/pnm.h"
#include "engine/formats/stb_input.h"
#include "engine/formats/webp.h"

#ifndef __clang_analyzer__  // which finds fault with code that is not ours
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_WRITE_IMPLEMENTATION
#endif
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_GIF
#define STBI_NO_PIC
#define STBI_NO_PNM
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // met where stb's functions are inlined, at the end of this file
#endif
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace kiln {
namespace {

constexpr std::size_t kMostDeflation = 1032;         // RFC 1951: 258 bytes of two bits
constexpr std::size_t kMostJpegPixelsPerByte = 512;  // a block of 8×8 has a bit at least
constexpr std::size_t kMostPixelsPerByte = 64;       // of all others: TGA and PSD have runs of 128 in two bytes
constexpr std::size_t kMostJpegScans = 500;          // each of which goes over the whole image
constexpr std::size_t kLargestFile = std::size_t{1} << 29;

using Pixels = std::unique_ptr<stbi_uc, decltype(&stbi_image_free)>;

Pixels decode(std::span<const std::uint8_t> bytes, int& width, int& height) {
  int channels = 0;
  return {stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &channels, 4), &stbi_image_free};
}

bool is_jpeg(std::span<const std::uint8_t> bytes) { return begins_with(bytes, "\xff\xd8"); }

// stb_image writes past its tables for a JPEG whose Huffman table (ITU-T T.81, B.2.4.2) lists more than 256 codes. The marker
// cannot occur inside compressed data, so every place that looks like it is checked.
bool jpeg_tables_overflow(std::span<const std::uint8_t> bytes) {
  for (std::size_t at = 0; at + 4 <= bytes.size(); ++at) {
    if (bytes[at] != 0xff || bytes[at + 1] != 0xc4) continue;
    long left = (bytes[at + 2] << 8 | bytes[at + 3]) - 2;
    for (std::size_t table = at + 4; left > 0 && table < bytes.size();) {
      std::size_t codes = 0;
      for (std::size_t i = table + 1; i <= table + 16 && i < bytes.size(); ++i) codes += bytes[i];
      if (codes > 256) return true;
      table += 17 + codes;
      left -= 17 + static_cast<long>(codes);
    }
  }
  return false;
}

std::size_t jpeg_scans(std::span<const std::uint8_t> bytes) {
  std::size_t scans = 0;
  for (std::size_t at = 0; at + 1 < bytes.size(); ++at) scans += bytes[at] == 0xff && bytes[at + 1] == 0xda;
  return scans;
}

// How many pixels the bytes can hold: stb_image takes memory for as many as the header claims before it looks at the first.
std::size_t most_pixels(std::span<const std::uint8_t> bytes) {
  if (is_jpeg(bytes)) return bytes.size() * kMostJpegPixelsPerByte;
  constexpr std::size_t kDepth = 24, kColourType = 25;
  if (!begins_with(bytes, "\x89PNG") || bytes.size() <= kColourType) return bytes.size() * kMostPixelsPerByte;
  constexpr std::size_t kChannels[] = {1, 1, 3, 1, 2, 1, 4};
  const std::size_t channels = bytes[kColourType] < std::size(kChannels) ? kChannels[bytes[kColourType]] : 1;
  return bytes.size() * kMostDeflation * 8 / (channels * std::max<std::size_t>(bytes[kDepth], 1));
}

// A file with other bytes behind its end.
struct LongerFile {
  std::span<const std::uint8_t> bytes;
  std::size_t behind;  // how many are left of those
};

int read_longer(void* user, char* data, int size) {
  auto& file = *static_cast<LongerFile*>(user);
  const std::size_t own = std::min(file.bytes.size(), static_cast<std::size_t>(size));
  const std::size_t behind = std::min(file.behind, static_cast<std::size_t>(size) - own);
  std::copy_n(file.bytes.begin(), own, data);
  std::fill_n(data + own, behind, '\xa5');
  file.bytes = file.bytes.subspan(own);
  file.behind -= behind;
  return static_cast<int>(own + behind);
}

void skip_longer(void* user, int size) {
  auto& file = *static_cast<LongerFile*>(user);
  const std::size_t own = std::min(file.bytes.size(), static_cast<std::size_t>(std::max(size, 0)));
  file.bytes = file.bytes.subspan(own);
  file.behind -= std::min(file.behind, static_cast<std::size_t>(std::max(size, 0)) - own);
}

int is_longer_at_end(void* user) {
  const auto& file = *static_cast<LongerFile*>(user);
  return file.bytes.empty() && file.behind == 0;
}

// PNG data carries its lengths. The readers of all other formats take zeros for what is missing at the end, so a file is whole
// if other bytes behind its end make no difference.
bool depends_on_what_follows(std::span<const std::uint8_t> bytes, const stbi_uc* pixels, int width, int height) {
  if (begins_with(bytes, "\x89PNG")) return false;
  const std::size_t pixel_bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  LongerFile longer{bytes, pixel_bytes + 4096};
  constexpr stbi_io_callbacks kCallbacks{&read_longer, &skip_longer, &is_longer_at_end};
  int width_again = 0, height_again = 0, channels = 0;
  const Pixels again{stbi_load_from_callbacks(&kCallbacks, &longer, &width_again, &height_again, &channels, 4), &stbi_image_free};
  return !again || width_again != width || height_again != height || std::memcmp(again.get(), pixels, pixel_bytes) != 0;
}

// Writers without alpha leave zeros in the fourth byte of a 32-bit TGA or BMP: then it says nothing.
bool alpha_says_nothing(std::span<const std::uint8_t> bytes, const Image& image) {
  if (begins_with(bytes, "\x89PNG") || begins_with(bytes, "8BPS")) return false;
  bool any_colour = false;
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] != 0) return false;
    any_colour |= image.rgba[i] != 0 || image.rgba[i + 1] != 0 || image.rgba[i + 2] != 0;
  }
  return any_colour;
}

[[noreturn]] void refuse_no_image(std::span<const std::uint8_t> bytes, std::string_view name) {
  const std::string quoted = "“" + std::string(name) + "” is ";
  if (begins_with(bytes, "BM") && bytes.size() > 30 && (bytes[30] == 1 || bytes[30] == 2))
    throw Failure(ErrorCode::kUnsupported, quoted + "a BMP in run lengths, which is not read", "save it plain, or as PNG");
  if (const auto kind = kind_of_file(bytes)) {
    const bool damaged = kind->what.ends_with(" image");
    if (damaged) refuse_damaged_image(name, stbi_failure_reason());
    throw Failure(ErrorCode::kUnsupported, quoted + kind->what, kind->hint);
  }
  throw Failure(ErrorCode::kCorrupt, quoted + "not an image, or its beginning is damaged",
                "use PNG, BMP, TGA, GIF, WebP or JPEG files", stbi_failure_reason());
}

}  // namespace

Image decode_image(std::span<const std::uint8_t> file, std::string_view name) {
  Bytes changed;
  const std::span<const std::uint8_t> bytes = stb_input(file, changed, name);
  if (bytes.empty()) throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is empty", "save the image again");
  if (bytes.size() > kLargestFile) {
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” is far too large", "an image may have 512 MB");
  }
  if (is_gif(bytes)) return std::move(decode_gif(bytes, name, 1).front().image);
  if (is_ase(bytes)) {
    std::vector<std::string> notes;
    return std::move(read_ase(bytes, name, notes).frames.front().image);
  }
  if (is_webp(bytes)) return std::move(decode_webp(bytes, name, 1).front().image);
  if (is_pnm(bytes)) return decode_pnm(bytes, name);
  if (is_jpeg(bytes) && jpeg_tables_overflow(bytes)) refuse_damaged_image(name, "Huffman table");
  constexpr std::size_t kHeader = 24;  // of a PNG, up to its height; stb_image calls a side that is far too long damaged
  if (begins_with(bytes, "\x89PNG") && bytes.size() > kHeader && begins_with(bytes.subspan(12), "IHDR"))
    check_image_size(name, png_number(bytes, 16), png_number(bytes, 20));
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &channels)) {
    refuse_no_image(bytes, name);
  }
  if (width < 0) refuse_damaged_image(name, "width below 0");
  if (height < 0 && begins_with(bytes, "BM")) height = height == INT_MIN ? INT_MAX : -height;  // its rows from the top down
  const auto pixel_count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  check_image_size(name, static_cast<std::size_t>(width), static_cast<std::size_t>(height));
  check_png(bytes, name);
  if (is_jpeg(bytes) && jpeg_scans(bytes) > kMostJpegScans) refuse_damaged_image(name, "too many scans");
  if (!begins_with(bytes, "\x89PNG") && stbi_is_16_bit_from_memory(bytes.data(), static_cast<int>(bytes.size()))) {
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” has 16 bits per channel, which is read in PNG files alone",
                  "save it with 8 bits, or as PNG");
  }
  if (pixel_count > most_pixels(bytes)) refuse_damaged_image(name, "fewer bytes than its size needs");

  const Pixels pixels = decode(bytes, width, height);
  if (!pixels || depends_on_what_follows(bytes, pixels.get(), width, height)) refuse_damaged_image(name, stbi_failure_reason());
  Image image(width, height);
  std::memcpy(image.rgba.data(), pixels.get(), image.rgba.size());
  if (alpha_says_nothing(bytes, image)) {
    for (std::size_t i = 3; i < image.rgba.size(); i += 4) image.rgba[i] = 255;
  }
  mirror_if_leftward(bytes, image);
  return image;
}

Bytes read_image_bytes(const std::filesystem::path& path) { return read_file(path, kLargestFile); }

Image read_image(const std::filesystem::path& path) { return decode_image(read_image_bytes(path), path.filename().string()); }

Bytes encode_png(const Image& image) {
  constexpr auto kMost = static_cast<int>(kLargestSide);
  if (image.empty() || image.width > kMost || image.height > kMost) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "a PNG of " + std::to_string(image.width) + "×" + std::to_string(image.height) + " pixels cannot be made",
                  "choose fewer sprites, fewer columns or a smaller scale");
  }
  Bytes bytes;
  const auto append = [](void* context, void* data, int size) {
    const auto* at = static_cast<const std::uint8_t*>(data);
    auto& target = *static_cast<Bytes*>(context);
    target.insert(target.end(), at, at + size);
  };
  if (!stbi_write_png_to_func(append, &bytes, image.width, image.height, 4, image.rgba.data(), image.width * 4)) {
    throw Failure(ErrorCode::kOutOfMemory, "there is not enough memory to make the PNG", "choose a smaller scale");
  }
  return bytes;
}

void write_png(const std::filesystem::path& path, const Image& image) { write_file(path, encode_png(image)); }

}  // namespace kiln
