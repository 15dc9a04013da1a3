#pragma once

#include "engine/pixelart/oklab.h"

namespace kiln {

// The nearest sRGB colour of the same lightness and hue: for one outside sRGB, with less chroma.
Rgb8 to_rgb8_by_chroma(const Oklab& colour);

}  // namespace kiln
