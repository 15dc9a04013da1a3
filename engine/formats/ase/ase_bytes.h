#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kiln {

// Throw Failure (kCorrupt, kUnsupported): “walk.aseprite” and `what` in one sentence, and what to do about it.
[[noreturn]] void ase_corrupt(std::string_view file, const std::string& what);
[[noreturn]] void ase_unsupported(std::string_view file, const std::string& what);

// A name from the file in quotation marks, shortened to what a sentence can hold.
std::string ase_quoted(std::string_view name);

// The little-endian values of a part of an Aseprite file, one after the other. `where` is what errors call the part; each function
// throws Failure(kCorrupt) if the part ends before.
class AseBytes {
 public:
  AseBytes(std::span<const std::uint8_t> bytes, std::string_view file, std::string where)
      : rest_(bytes), file_(file), where_(std::move(where)) {}

  std::uint8_t byte() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t word() { return static_cast<std::uint16_t>(number(2)); }
  std::int16_t signed_word() { return static_cast<std::int16_t>(number(2)); }
  std::uint32_t double_word() { return static_cast<std::uint32_t>(number(4)); }
  std::int32_t signed_double_word() { return static_cast<std::int32_t>(number(4)); }

  // A length and that many bytes of UTF-8, of which the first 255 are kept. What is no printable character, or not ASCII in a text
  // that is no UTF-8, becomes a question mark.
  std::string text();

  std::span<const std::uint8_t> bytes(std::size_t size);
  void skip(std::size_t size) { bytes(size); }
  std::span<const std::uint8_t> rest() const { return rest_; }

  [[noreturn]] void corrupt(const std::string& what) const { ase_corrupt(file_, where_ + " " + what); }

 private:
  std::uint64_t number(std::size_t size);

  std::span<const std::uint8_t> rest_;
  std::string_view file_;
  std::string where_;
};

}  // namespace kiln
