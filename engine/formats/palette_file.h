#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/base/palette.h"

namespace kiln {

enum class PaletteFormat { kGimp, kHex, kJasc };  // .gpl, .hex, .pal

// The palette in a GIMP, Lospec hex or JASC-PAL (Paint Shop Pro) text, whichever it is. `name` is what errors call it, and the
// palette's name where the file gives none. Throws Failure: kCorrupt (none of these, a line that is no colour), kUnsupported (more
// than 65536 colours).
Palette parse_palette(std::string_view text, std::string_view name);

// Throws as read_text and parse_palette do.
Palette read_palette(const std::filesystem::path& path);

std::string encode_palette(const Palette& palette, PaletteFormat format);

// The format follows from the extension. Throws Failure(kInvalidArgument) for another one, and as write_file does.
void write_palette(const std::filesystem::path& path, const Palette& palette);

}  // namespace kiln
