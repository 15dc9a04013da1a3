#pragma once

#include "engine/base/image.h"

namespace kiln {

// The image without stray pixels: opaque ones that none of their eight neighbours touches, if they are no more than a twentieth of
// what is opaque. More than that are meant: stars, sparks, dust.
Image without_strays(const Image& image);

// The image without stray colours: those of a single opaque pixel that have one near them in OKLab (0.14 or less) among the image's
// others become that one. A pixel that stands out, an eye or a glint, keeps its colour.
Image without_stray_colours(const Image& image);

}  // namespace kiln
