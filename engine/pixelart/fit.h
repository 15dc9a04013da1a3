#pragma once

#include <string_view>

#include "engine/base/image.h"

namespace kiln {

// An image made to fit to sprites of `width` × `height`: as it is, padded if it is smaller, at its own size if it is a whole-number
// enlargement of such an image. `name` is what the error calls it. Throws Failure(kInvalidArgument) for one that cannot fit.
Image fitted_to_sprite(const Image& image, std::string_view name, int width, int height);

}  // namespace kiln
