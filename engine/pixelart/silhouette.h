#pragma once

#include "engine/base/image.h"

namespace kiln {

// White where the sprite is not wholly transparent: the mask of what may become another colour while its outline stays.
Image silhouette_mask(const Image& sprite);

// `drawn`, of the same size, in the outline of `sprite` and the colours of `colours_of`: each pixel has the sprite's alpha and, of
// those colours, the one nearest to its own; where it is transparent and the sprite is not, the sprite's pixel.
Image with_silhouette_of(const Image& drawn, const Image& sprite, const Image& colours_of);

}  // namespace kiln
