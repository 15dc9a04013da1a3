#pragma once

#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

// At most `count` colours for the opaque pixels of all images together, from dark to light: exactly the images' own if they have
// no more, else by k-means in OKLab weighted with the number of pixels, begun as in k-means++ (Arthur & Vassilvitskii 2007).
// The same images give the same palette. Empty if no pixel is opaque. Throws Failure(kInvalidArgument) for a count not in 1…256.
Palette fit_palette(const std::vector<Image>& images, int count);

// The image in the palette's colours: each opaque pixel becomes the nearest one in OKLab with alpha 255, each other pixel 0,0,0,0.
// Throws Failure(kInvalidArgument) for an empty palette.
Image map_to_palette(const Image& image, const Palette& palette);

}  // namespace kiln
