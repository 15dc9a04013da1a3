#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace kiln {

class ByteSource;

// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
class Sha256 {
 public:
  void add(std::span<const std::uint8_t> bytes);
  // Of all that was added: eight words, the first bits first; and as 64 lower-case hexadecimal digits.
  std::array<std::uint32_t, 8> digest() const;
  std::string hex() const;

 private:
  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> rest_{};  // size_ % 64 bytes that are no whole block yet
  std::uint64_t size_ = 0;
};

// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<const std::uint8_t> bytes);

// Of all its bytes, read piece by piece. Throws as the source does.
std::string sha256_hex(const ByteSource& source);

}  // namespace kiln
