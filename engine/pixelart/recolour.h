#pragma once

#include <map>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

using ColourMap = std::map<Rgb8, Rgb8>;

// All colours of pixels that are not fully transparent, each once, sorted.
std::vector<Rgb8> visible_colours(const std::vector<Image>& images);

// The colours as shades: one ramp of greys (OKLab chroma below 0.03), and for the others one for each group of hues that lie within
// 45°, counted from the widest gap between hues on. Each from dark to light.
std::vector<std::vector<Rgb8>> ramps(const std::vector<Rgb8>& colours);

// What each colour becomes in a palette: each ramp of the colours as near to its own as can be (squared OKLab distance) without
// changing its order: a lighter shade never becomes darker than a darker one, and different ones stay different, if the palette has
// colours enough. Throws Failure(kInvalidArgument) for an empty palette.
ColourMap match_ramps(const std::vector<Rgb8>& colours, const Palette& palette);

// Each colour with its hue turned in OKLab: lightness stays, chroma too as far as sRGB has it.
ColourMap turn_hue(const std::vector<Rgb8>& colours, double degrees);

// What `first` makes of each colour, and `second` of that.
ColourMap then(const ColourMap& first, const ColourMap& second);

// The image with each visible pixel's colour replaced, if the map has it. Alpha stays.
Image recoloured(const Image& image, const ColourMap& map);

// The sprite in other hues, turned by 360°/`count` and so on, lightness kept; `palette`, if not null, is all that may be used.
// Those that look like the sprite or like one before are left out.
std::vector<Image> recolour_variants(const Image& image, int count, const Palette* palette);

}  // namespace kiln
