#pragma once

#include "engine/base/image.h"

namespace kiln {

// The image without stray pixels: opaque ones that none of their eight neighbours touches, if they are no more than a twentieth of
// what is opaque. More than that are meant: stars, sparks, dust.
Image without_strays(const Image& image);

}  // namespace kiln
