#pragma once

#include <vector>

#include "engine/base/file.h"
#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

// The palette of an indexed PNG that holds all of the images: transparent, if there are such pixels; colours that are half
// transparent, as they come; the colours of `order`, those too that no image has, if there is room for them all; then others, as
// they come. Throws Failure(kInvalidArgument) for images with more than 256 colours, transparent being one.
std::vector<Rgba8> indexed_palette(const std::vector<Image>& images, const std::vector<Rgb8>& order);

// An indexed PNG (PLTE, and tRNS where a colour is not opaque); all that is fully transparent is one colour. Throws
// Failure(kInvalidArgument) for an image without pixels, and for a pixel that is not in the palette.
Bytes encode_indexed_png(const Image& image, const std::vector<Rgba8>& palette);

}  // namespace kiln
