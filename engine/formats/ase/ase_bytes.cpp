#include "engine/formats/ase/ase_bytes.h"

#include <algorithm>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

constexpr std::size_t kLongestText = 255, kLongestQuoted = 48;  // bytes
constexpr const char* kHint = "open it in Aseprite and save it again, or export its frames as a sprite sheet or as PNG files";

std::string sentence(std::string_view file, const std::string& what) { return "“" + std::string(file) + "” " + what; }

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// At most `size` bytes, whole characters of UTF-8.
std::string_view shortened(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && is_continuation(text[size])) --size;
  return text.substr(0, size);
}

}  // namespace

void ase_corrupt(std::string_view file, const std::string& what) {
  throw Failure(ErrorCode::kCorrupt, sentence(file, "is not a whole Aseprite file: " + what), kHint);
}

void ase_unsupported(std::string_view file, const std::string& what) {
  throw Failure(ErrorCode::kUnsupported, sentence(file, what), kHint);
}

std::string ase_quoted(std::string_view name) {
  const std::string_view start = shortened(name, kLongestQuoted);
  return "“" + std::string(start) + (start.size() < name.size() ? "…”" : "”");
}

std::uint64_t AseBytes::number(std::size_t size) {
  std::uint64_t value = 0;
  int shift = 0;
  for (const std::uint8_t byte : bytes(size)) {
    value |= std::uint64_t{byte} << shift;
    shift += 8;
  }
  return value;
}

std::span<const std::uint8_t> AseBytes::bytes(std::size_t size) {
  if (size > rest_.size()) corrupt("is cut off");
  const auto taken = rest_.first(size);
  rest_ = rest_.subspan(size);
  return taken;
}

std::string AseBytes::text() {
  const auto characters = bytes(word());
  const std::string_view whole(reinterpret_cast<const char*>(characters.data()), characters.size());
  const bool utf8 = is_valid_utf8(whole);
  std::string text(utf8 ? shortened(whole, kLongestText) : whole.substr(0, kLongestText));
  std::replace_if(
      text.begin(), text.end(),
      [utf8](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !utf8);
      },
      '?');
  return text;
}

}  // namespace kiln
