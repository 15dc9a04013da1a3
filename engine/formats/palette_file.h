#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/base/palette.h"

namespace kiln {

// The palette in a GIMP, Lospec hex, paint.net or JASC-PAL (Paint Shop Pro) text, whichever it is. `name` is what errors call it,
// and the palette's name where the file gives none. Throws Failure: kCorrupt (none of these, a line that is no colour),
// kUnsupported (more than 65536 colours).
Palette parse_palette(std::string_view text, std::string_view name);

// A palette in any of these forms, in UTF-8 or UTF-16, or in a file that is no text (palette_binary.h). Throws as read_file,
// parse_palette and parse_binary_palette do.
Palette read_palette(const std::filesystem::path& path);

}  // namespace kiln
