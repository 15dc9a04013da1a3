#include "engine/formats/text_encoding.h"

#include <optional>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

void append_utf8(std::string& text, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6), put(0x80 | (point & 63));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12), put(0x80 | (point >> 6 & 63)), put(0x80 | (point & 63));
  } else {
    put(0xf0 | point >> 18), put(0x80 | (point >> 12 & 63)), put(0x80 | (point >> 6 & 63)), put(0x80 | (point & 63));
  }
}

// UTF-16 (RFC 2781, 2.2); nothing if a surrogate stands alone.
std::optional<std::string> from_utf16(std::span<const std::uint8_t> bytes, bool big_endian) {
  std::string text;
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    return big_endian ? bytes[at] << 8 | bytes[at + 1] : bytes[at + 1] << 8 | bytes[at];
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    std::uint32_t point = unit(at);
    if (point >= 0xdc00 && point < 0xe000) return std::nullopt;
    if (point >= 0xd800 && point < 0xdc00) {
      at += 2;
      if (at + 1 >= bytes.size() || unit(at) < 0xdc00 || unit(at) >= 0xe000) return std::nullopt;
      point = 0x10000 + ((point - 0xd800) << 10) + (unit(at) - 0xdc00);
    }
    append_utf8(text, point);
  }
  return text;
}

}  // namespace

std::string as_utf8(std::span<const std::uint8_t> bytes, std::string_view name) {
  const auto starts = [&](std::initializer_list<int> start) {
    std::size_t at = 0;
    for (const int byte : start) {
      if (at >= bytes.size() || (byte >= 0 && bytes[at] != byte)) return false;
      if (byte < 0 && bytes[at] == 0) return false;  // any but zero
      ++at;
    }
    return true;
  };
  std::optional<std::string> text;
  if (starts({0xff, 0xfe})) {
    text = from_utf16(bytes.subspan(2), false);
  } else if (starts({0xfe, 0xff})) {
    text = from_utf16(bytes.subspan(2), true);
  } else if (starts({-1, 0})) {
    text = from_utf16(bytes, false);
  } else if (starts({0, -1})) {
    text = from_utf16(bytes, true);
  } else {
    if (starts({0xef, 0xbb, 0xbf})) bytes = bytes.subspan(3);
    text.emplace(bytes.begin(), bytes.end());
    if (!is_valid_utf8(*text)) text.reset();
  }
  if (text) return *std::move(text);
  throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is no text in UTF-8 or UTF-16", "save it as UTF-8");
}

}  // namespace kiln
