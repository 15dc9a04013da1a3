#include "engine/formats/stb_input.h"

#include <algorithm>

#include "engine/formats/image_limits.h"

namespace kiln {
namespace {

constexpr std::size_t kTgaHeader = 18;
constexpr std::size_t kBmpFileHeader = 14, kBmpPlainHeader = 40, kBmpFourthHeader = 108;  // BITMAPINFOHEADER, BITMAPV4HEADER

std::uint32_t little(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = size; i-- > 0;) number = number << 8 | bytes[at + i];
  return number;
}

void put_little(Bytes& bytes, std::size_t at, std::size_t number, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<std::uint8_t>(number >> 8 * i);
}

void insert_zeros(Bytes& bytes, std::size_t at, std::size_t count) {
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), count, 0);
}

// What is behind the first 40 bytes are masks of the channels, or in OS/2's header of 64 bytes what concerns printers.
void lengthen_bmp_header(Bytes& bytes, std::size_t size) {
  const std::size_t masks_end = kBmpFileHeader + (size == 64 ? kBmpPlainHeader : size);
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(masks_end),
            bytes.begin() + static_cast<std::ptrdiff_t>(kBmpFileHeader + size), std::uint8_t{0});
  put_little(bytes, 10, little(bytes, 10, 4) + kBmpFourthHeader - size, 4);
  put_little(bytes, kBmpFileHeader, kBmpFourthHeader, 4);
  insert_zeros(bytes, kBmpFileHeader + size, kBmpFourthHeader - size);
}

void number_tga_colours_from_0(Bytes& bytes, std::string_view name) {
  const std::size_t first = little(bytes, 3, 2), count = little(bytes, 5, 2), bytes_each = (std::size_t{bytes[7]} + 7) / 8;
  const std::size_t at = kTgaHeader + bytes[0];
  if (first + count > 0xffff || bytes_each > 4 || at > bytes.size()) refuse_damaged_image(name, "colour map");
  put_little(bytes, 3, 0, 2);
  put_little(bytes, 5, first + count, 2);
  insert_zeros(bytes, at, first * bytes_each);
}

bool is_tga(std::span<const std::uint8_t> bytes) {
  return bytes.size() > kTgaHeader && !begins_with(bytes, "\x89PNG") && !begins_with(bytes, "\xff\xd8") &&
         !begins_with(bytes, "BM") && !begins_with(bytes, "8BPS");
}

}  // namespace

std::span<const std::uint8_t> stb_input(std::span<const std::uint8_t> bytes, Bytes& changed, std::string_view name) {
  if (begins_with(bytes, "BM") && bytes.size() > kBmpFileHeader + 64) {
    const std::uint32_t size = little(bytes, kBmpFileHeader, 4);
    if (size != 52 && size != 56 && size != 64) return bytes;
    changed.assign(bytes.begin(), bytes.end());
    lengthen_bmp_header(changed, size);
    return changed;
  }
  const bool has_colour_map = is_tga(bytes) && bytes[1] == 1 && (bytes[2] == 1 || bytes[2] == 9);
  if (!has_colour_map || little(bytes, 3, 2) == 0) return bytes;
  changed.assign(bytes.begin(), bytes.end());
  number_tga_colours_from_0(changed, name);
  return changed;
}

void mirror_if_leftward(std::span<const std::uint8_t> bytes, Image& image) {
  constexpr std::size_t kDescriptor = 17;
  if (!is_tga(bytes) || (bytes[kDescriptor] & 16) == 0) return;
  for (int y = 0; y < image.height; ++y) {
    for (int left = 0, right = image.width - 1; left < right; ++left, --right)
      std::swap_ranges(image.pixel(left, y), image.pixel(left, y) + 4, image.pixel(right, y));
  }
}

}  // namespace kiln
