#pragma once

#include "engine/base/image.h"

namespace kiln {

// Left and right exchanged.
Image flipped_horizontally(const Image& image);

}  // namespace kiln
