#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/file.h"

namespace kiln {

// A PNG with `text` (UTF-8) in an iTXt chunk before its image data (PNG specification, third edition, 11.3.3.3), compressed if that
// is shorter. `keyword`: 1–79 Latin-1 letters. `png` must be one, whole.
Bytes with_png_text(std::span<const std::uint8_t> png, std::string_view keyword, std::string_view text);

// The text under `keyword` in the first iTXt chunk that has one; none: there is none, or this is no PNG. `name` is what errors call
// the file. Throws Failure(kCorrupt): a wrong checksum, damaged compression, more than `most_bytes` bytes, no UTF-8.
std::optional<std::string> png_text(std::span<const std::uint8_t> bytes, std::string_view keyword, std::size_t most_bytes,
                                    std::string_view name);

}  // namespace kiln
