#pragma once

#include <string>

#include "engine/base/palette.h"

namespace kiln {

// A choice of colours: as many as are fitted to the sprites, or these.
struct PaletteChoice {
  int fitted = 0;  // 1 … 256; 0: `palette`
  Palette palette;
};

// From "auto:16", a palette file's name, or the colours themselves: "#1a1c2c,#5d275d". Throws Failure(kInvalidArgument) for a
// number that cannot be fitted, and as read_palette.
PaletteChoice read_palette_choice(const std::string& text);

// The colours themselves, to be read so.
std::string colours_text(const Palette& palette);

}  // namespace kiln
