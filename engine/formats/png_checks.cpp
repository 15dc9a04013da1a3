#include "engine/formats/png_checks.h"

#include <zlib.h>

#include <array>
#include <cstring>
#include <string>

#include "engine/base/error.h"
#include "engine/formats/image_limits.h"
#include "engine/formats/png_chunks.h"

namespace kiln {
namespace {

[[noreturn]] void refuse_checksum(std::string_view name, std::string_view where) {
  throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is damaged: a checksum is wrong",
                "copy the file again, or save the picture again as PNG", std::string(where));
}

// zlib's stream of the pixels ends in a sum over them (RFC 1950). `most`: how many bytes they can be; what is longer or ends early
// is for the decoder to refuse.
bool sum_is_wrong(const std::vector<PngChunk>& chunks, std::size_t most) {
  z_stream stream = {};
  if (inflateInit(&stream) != Z_OK) return false;
  std::array<Bytef, 1 << 14> out;
  int state = Z_OK;
  for (const PngChunk& chunk : chunks) {
    if (chunk.type != "IDAT") continue;
    stream.next_in = const_cast<Bytef*>(chunk.data.data());  // zlib's old interface; it does not write there
    stream.avail_in = static_cast<uInt>(chunk.data.size());
    do {
      stream.next_out = out.data();
      stream.avail_out = static_cast<uInt>(out.size());
      state = inflate(&stream, Z_NO_FLUSH);
    } while (state == Z_OK && stream.total_out <= most && (stream.avail_in > 0 || stream.avail_out == 0));
    if (state == Z_STREAM_END || (state != Z_OK && state != Z_BUF_ERROR) || stream.total_out > most) break;
  }
  const bool wrong = state == Z_DATA_ERROR && stream.msg != nullptr && std::strcmp(stream.msg, "incorrect data check") == 0;
  inflateEnd(&stream);
  return wrong;
}

}  // namespace

void check_png(std::span<const std::uint8_t> bytes, std::string_view name) {
  const auto chunks = png_chunks(bytes);
  if (begins_with(bytes, "\x89PNG") && (chunks.empty() || chunks.back().type != "IEND")) refuse_damaged_image(name, "no IEND");
  for (const PngChunk& chunk : chunks) {
    if (chunk.type == "CgBI") {
      throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” is a PNG as Xcode writes it for iOS (CgBI)",
                    "take the picture from the project, or change it back with `xcrun pngcrush -revert-iphone-optimizations`");
    }
    if (chunk.is_needed() && !chunk.checksum_is_right) refuse_checksum(name, chunk.type);
  }
  if (chunks.empty() || chunks.front().type != "IHDR" || chunks.front().data.size() != 13) return;
  constexpr std::size_t kMostBytesPerPixel = 8, kPasses = 7;
  const std::size_t width = png_number(chunks.front().data, 0), height = png_number(chunks.front().data, 4);
  if (sum_is_wrong(chunks, (width * kMostBytesPerPixel + kPasses) * (height + kPasses))) refuse_checksum(name, "IDAT, Adler-32");
}

void check_apng(std::span<const std::uint8_t> bytes, std::string_view name) {
  for (const PngChunk& chunk : png_chunks(bytes)) {
    const bool of_animation = chunk.type == "acTL" || chunk.type == "fcTL" || chunk.type == "fdAT";
    if (of_animation && !chunk.checksum_is_right) refuse_checksum(name, chunk.type);
  }
}

}  // namespace kiln
