#pragma once

#include "engine/base/palette.h"

namespace kiln {

// Numbers that a network with a palette head gives for a pixel: with an alpha channel one for “transparent”, then one a colour.
inline int palette_head_outputs(const Palette& palette, int channels) {
  return static_cast<int>(palette.colours.size()) + (channels == 4 ? 1 : 0);
}

}  // namespace kiln
