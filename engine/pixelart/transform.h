#pragma once

#include "engine/base/image.h"

namespace kiln {

Image flipped_left_right(const Image& image);
Image flipped_top_bottom(const Image& image);

// By 90°; width and height change places.
Image turned_clockwise(const Image& image);
Image turned_anticlockwise(const Image& image);

// Everything moved to the right and down; what leaves on one side comes in on the other.
Image shifted(const Image& image, int right, int down);

// Draws `part` over `target` with its upper left corner at (x, y): where it is transparent, and outside, what is there stays.
void lay_over(Image& target, const Image& part, int x, int y);

}  // namespace kiln
