#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace kiln {

// A text file's bytes as UTF-8, without a byte order mark: from UTF-8, or from UTF-16 of either byte order, which is known by its
// mark or by the zeros of an ASCII beginning. Throws Failure(kCorrupt) for other bytes; `name` is what errors call the file.
std::string as_utf8(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace kiln
