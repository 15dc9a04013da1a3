#include "engine/formats/image_file.h"

#include <climits>
#include <cstring>
#include <memory>
#include <string>

#include "engine/base/error.h"

#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
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

constexpr int kLargestSide = 16384;
constexpr std::size_t kMostPixels = std::size_t{1} << 26;
constexpr std::size_t kMostPixelsPerByte = 10'000;  // no format here packs its pixels more tightly
constexpr std::size_t kLargestFile = std::size_t{1} << 29;

using Pixels = std::unique_ptr<stbi_uc, decltype(&stbi_image_free)>;

[[noreturn]] void refuse_damaged(std::string_view name) {
  const char* reason = stbi_failure_reason();  // null before the first one
  throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is cut off or damaged",
                "open it in an image editor and save it again as PNG", reason ? reason : "");
}

[[noreturn]] void refuse_size(std::string_view name, const std::string& what) {
  throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” " + what,
                "sprites and sheets may have sides of up to 16384 and 67 million pixels in all");
}

Pixels decode(std::span<const std::uint8_t> bytes, int& width, int& height) {
  int channels = 0;
  return {stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &channels, 4), &stbi_image_free};
}

// stb_image writes past its tables for a JPEG whose Huffman table (ITU-T T.81, B.2.4.2) lists more than 256 codes. The marker
// cannot occur inside compressed data, so every place that looks like it is checked.
bool jpeg_tables_overflow(std::span<const std::uint8_t> bytes) {
  if (bytes[0] != 0xff) return false;
  for (std::size_t at = 0; at + 4 <= bytes.size(); ++at) {
    if (bytes[at] != 0xff || bytes[at + 1] != 0xc4) continue;
    long left = (bytes[at + 2] << 8 | bytes[at + 3]) - 2;
    for (std::size_t table = at + 4; left > 0 && table + 17 <= bytes.size();) {
      std::size_t codes = 0;
      for (std::size_t i = 1; i <= 16; ++i) codes += bytes[table + i];
      if (codes > 256) return true;
      table += 17 + codes;
      left -= 17 + static_cast<long>(codes);
    }
  }
  return false;
}

// PNG data carries its lengths. The readers of all other formats take zeros for what is missing at the end, so a file is whole
// if other bytes behind its end make no difference.
bool depends_on_what_follows(std::span<const std::uint8_t> bytes, const stbi_uc* pixels, int width, int height) {
  constexpr std::string_view kPngStart = "\x89PNG";
  if (bytes.size() >= kPngStart.size() && std::memcmp(bytes.data(), kPngStart.data(), kPngStart.size()) == 0) return false;
  const std::size_t pixel_bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  Bytes longer(bytes.begin(), bytes.end());
  longer.resize(bytes.size() + pixel_bytes + 4096, 0xa5);
  int width_again = 0, height_again = 0;
  const Pixels again = decode(longer, width_again, height_again);
  return !again || width_again != width || height_again != height || std::memcmp(again.get(), pixels, pixel_bytes) != 0;
}

}  // namespace

Image decode_image(std::span<const std::uint8_t> bytes, std::string_view name) {
  if (bytes.empty()) throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is empty", "save the image again");
  if (bytes.size() > kLargestFile) refuse_size(name, "is far too large");
  if (jpeg_tables_overflow(bytes)) refuse_damaged(name);
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &channels)) {
    throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is not an image, or its beginning is damaged",
                  "use PNG, BMP, TGA, GIF or JPEG files", stbi_failure_reason());
  }
  const auto pixel_count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  if (width > kLargestSide || height > kLargestSide || pixel_count > kMostPixels) {
    refuse_size(name, "claims to be " + std::to_string(width) + "×" + std::to_string(height) + " pixels");
  }
  if (pixel_count == 0 || pixel_count / kMostPixelsPerByte > bytes.size()) refuse_damaged(name);

  const Pixels pixels = decode(bytes, width, height);
  if (!pixels || depends_on_what_follows(bytes, pixels.get(), width, height)) refuse_damaged(name);
  Image image(width, height);
  std::memcpy(image.rgba.data(), pixels.get(), image.rgba.size());
  return image;
}

Image read_image(const std::filesystem::path& path) {
  return decode_image(read_file(path, kLargestFile), path.filename().string());
}

Bytes encode_png(const Image& image) {
  if (image.empty() || image.width > kLargestSide || image.height > kLargestSide) {
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
