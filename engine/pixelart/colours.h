#pragma once

#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

// A pixel counts as opaque from this alpha on.
inline constexpr int kOpaqueAlpha = 128;

// The colours of the opaque pixels, sorted.
std::vector<Rgb8> distinct_colours(const Image& image);

}  // namespace kiln
