#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace kiln {

class ByteSource;

// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::span<const std::uint8_t> bytes);

// Of all its bytes, read piece by piece. Throws as the source does.
std::string sha256_hex(const ByteSource& source);

}  // namespace kiln
