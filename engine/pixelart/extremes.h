#pragma once

#include "engine/base/image.h"

namespace kiln {

// The image as it was meant at the ends of its range, where a network of continuous colours leaves a little noise: alpha that is
// nearly 0 or 255 is that, of few half-transparent pixels each is one or the other, and dark neutral pixels are black if a good
// part of them is.
Image with_extremes_settled(const Image& image);

}  // namespace kiln
