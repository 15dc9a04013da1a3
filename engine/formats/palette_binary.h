#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/palette.h"

namespace kiln {

// The palette in a file that is no text: Aseprite's, an image's (of an indexed PNG its table; else its colours, row by row), a RIFF
// palette's (Microsoft), an Adobe colour table's (.act, by the ending of `name`). Fully transparent entries are no colours. Nothing
// for other files. Throws Failure: kCorrupt, kUnsupported (an image of more than 256 colours, Adobe's swatches).
std::optional<Palette> parse_binary_palette(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace kiln
