#pragma once

#include "engine/base/image.h"

namespace kiln {

// The image with at most `count` (at least 1) colours in what is not fully transparent: the least used becomes the one nearest to
// it in OKLab, again and again. Of equally used ones the one that is nearest to another. Alpha stays.
Image with_fewer_colours(const Image& image, int count);

}  // namespace kiln
