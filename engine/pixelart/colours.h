#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

// A pixel counts as opaque from this alpha on.
inline constexpr int kOpaqueAlpha = 128;

// How often each colour occurs among the opaque pixels of all images.
std::map<Rgb8, std::size_t> colour_histogram(const std::vector<Image>& images);

// The colours of the opaque pixels, sorted.
std::vector<Rgb8> distinct_colours(const Image& image);

}  // namespace kiln
