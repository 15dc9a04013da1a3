#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace kiln {

// What stb_image would read wrongly in a PNG. Throws Failure: kCorrupt (cut off, a wrong checksum of a chunk that is needed, or of
// the compressed pixels), kUnsupported (as Xcode writes it for iOS). Other files pass.
void check_png(std::span<const std::uint8_t> bytes, std::string_view name);

// Of the chunks that an animated PNG has beyond those. Throws Failure(kCorrupt).
void check_apng(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace kiln
