#pragma once

#include "engine/base/image.h"
#include "engine/base/rect.h"

namespace kiln {

// The smallest rectangle around all pixels that are not fully transparent; empty if there are none.
Rect content_rect(const Image& image);

// The image within content_rect; one transparent pixel if that is empty.
Image cropped_to_content(const Image& image);

// What lies in both, or between them; the other one where one is empty.
Rect joined(const Rect& a, const Rect& b);

// The image amid transparent pixels, a half pixel to the upper left where it cannot be in the middle.
// Throws Failure(kInvalidArgument) if it is larger than `width` × `height`.
Image padded_to(const Image& image, int width, int height);

}  // namespace kiln
