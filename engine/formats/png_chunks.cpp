#include "engine/formats/png_chunks.h"

#include <zlib.h>

#include "engine/formats/image_limits.h"

namespace kiln {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr std::size_t kAround = 12;  // length, type and checksum

std::uint32_t checksum(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint32_t>(crc32(0, bytes.data(), static_cast<uInt>(bytes.size())));
}

void append_number(Bytes& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(number >> shift));
}

}  // namespace

std::uint32_t png_number(std::span<const std::uint8_t> bytes, std::size_t at) {
  return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 | std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

std::vector<PngChunk> png_chunks(std::span<const std::uint8_t> bytes) {
  std::vector<PngChunk> chunks;
  if (!begins_with(bytes, kSignature)) return chunks;
  for (std::size_t at = kSignature.size(); bytes.size() - at >= kAround;) {
    const std::size_t length = png_number(bytes, at);
    if (length > bytes.size() - at - kAround) break;
    const std::string_view type(reinterpret_cast<const char*>(bytes.data()) + at + 4, 4);
    const bool right = checksum(bytes.subspan(at + 4, length + 4)) == png_number(bytes, at + 8 + length);
    chunks.push_back({type, bytes.subspan(at + 8, length), right});
    if (type == "IEND") break;
    at += length + kAround;
  }
  return chunks;
}

Bytes png_beginning() { return {kSignature.begin(), kSignature.end()}; }

void append_png_chunk(Bytes& png, std::string_view type, std::span<const std::uint8_t> data) {
  append_number(png, static_cast<std::uint32_t>(data.size()));
  const std::size_t from = png.size();
  png.insert(png.end(), type.begin(), type.end());
  png.insert(png.end(), data.begin(), data.end());
  append_number(png, checksum(std::span(png).subspan(from)));
}

}  // namespace kiln
