#include "engine/formats/png_text.h"

#include <zlib.h>

#include <algorithm>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/formats/png_chunks.h"

namespace kiln {
namespace {

Bytes deflated(std::string_view text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  Bytes out(size);
  if (compress2(out.data(), &size, reinterpret_cast<const Bytef*>(text.data()), static_cast<uLong>(text.size()),
                Z_BEST_COMPRESSION) != Z_OK)
    return {};
  out.resize(size);
  return out;
}

// Nothing if it is damaged or more than `most` bytes: never more than that is held.
std::optional<std::string> inflated(std::span<const std::uint8_t> packed, std::size_t most) {
  std::string text;
  z_stream stream{};
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  if (inflateInit(&stream) != Z_OK) return std::nullopt;
  int state = Z_OK;
  while (state == Z_OK && text.size() <= most) {
    const std::size_t before = text.size(), more = std::min<std::size_t>(std::size_t{64} << 10, most + 1 - before);
    if (more == 0) break;
    text.resize(before + more);
    stream.next_out = reinterpret_cast<Bytef*>(text.data() + before);
    stream.avail_out = static_cast<uInt>(more);
    state = inflate(&stream, Z_NO_FLUSH);
    text.resize(before + more - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || text.size() > most) return std::nullopt;
  return text;
}

std::string_view view(std::span<const std::uint8_t> bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

Bytes with_png_text(std::span<const std::uint8_t> png, std::string_view keyword, std::string_view text) {
  const Bytes packed = deflated(text);
  const bool compress = !packed.empty() && packed.size() < text.size();
  Bytes data(keyword.begin(), keyword.end());
  data.insert(data.end(), {0, static_cast<std::uint8_t>(compress), 0, 0, 0});  // method 0 (zlib), no language, no translation
  if (compress)
    data.insert(data.end(), packed.begin(), packed.end());
  else
    data.insert(data.end(), text.begin(), text.end());
  Bytes out = png_beginning();
  bool done = false;
  for (const PngChunk& chunk : png_chunks(png)) {
    if (!done && chunk.type == "IDAT") {
      append_png_chunk(out, "iTXt", data);
      done = true;
    }
    append_png_chunk(out, chunk.type, chunk.data);
  }
  return out;
}

std::optional<std::string> png_text(std::span<const std::uint8_t> bytes, std::string_view keyword, std::size_t most_bytes,
                                    std::string_view name) {
  const auto corrupt = [&](const char* detail) {
    return Failure(ErrorCode::kCorrupt, "the text “" + std::string(keyword) + "” in “" + std::string(name) + "” is damaged",
                   "copy the file again; its pixels may still be read", detail);
  };
  for (const PngChunk& chunk : png_chunks(bytes)) {
    if (chunk.type != "iTXt") continue;
    std::string_view rest = view(chunk.data);
    if (!rest.starts_with(keyword) || rest.size() < keyword.size() + 3 || rest[keyword.size()] != '\0') continue;
    if (!chunk.checksum_is_right) throw corrupt("checksum");
    rest.remove_prefix(keyword.size() + 1);
    const int compressed = static_cast<unsigned char>(rest[0]), method = static_cast<unsigned char>(rest[1]);
    rest.remove_prefix(2);
    for (int field = 0; field < 2; ++field) {  // language, translated keyword
      const std::size_t end = rest.find('\0');
      if (end == std::string_view::npos) throw corrupt("cut off");
      rest.remove_prefix(end + 1);
    }
    if (compressed == 0 && rest.size() > most_bytes) throw corrupt("far too long");
    if (compressed > 1 || (compressed == 1 && method != 0)) throw corrupt("compression");
    std::optional<std::string> text;
    if (compressed == 1)
      text = inflated(chunk.data.subspan(chunk.data.size() - rest.size()), most_bytes);
    else
      text = std::string(rest);
    if (!text) throw corrupt("damaged or far too long");
    if (!is_valid_utf8(*text)) throw corrupt("no UTF-8");
    return text;
  }
  return std::nullopt;
}

}  // namespace kiln
