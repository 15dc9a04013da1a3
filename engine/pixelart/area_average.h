#pragma once

#include "engine/base/image.h"

namespace kiln {

// The image reduced to `width` × `height`, which are no larger than its own: each pixel is the mean of what it covers, by area and
// alpha, in OKLab, where dark outlines stay dark. Of an image whose pixels are all opaque or transparent, so are these: opaque
// where at least half of what they cover is.
Image area_averaged(const Image& image, int width, int height);

}  // namespace kiln
