#pragma once

#include <vector>

#include "engine/base/image.h"

namespace kiln {

// Each pixel as a square of `factor` × `factor`. Throws Failure(kInvalidArgument) for a factor below 1 or a side over 16384.
Image upscaled(const Image& image, int factor);

// The factor by which the images were upscaled by an integer, all of them by the same: the largest f such that every f×f block,
// counted from the upper left corner, has one colour. 1 if they were not, or if no image has two colours.
int grid_factor(const std::vector<Image>& images);

// Squares of `factor` × `factor` pixels that begin at `x`, `y`.
struct PixelGrid {
  int factor = 1, x = 0, y = 0;
  friend bool operator==(const PixelGrid&, const PixelGrid&) = default;
};

// Where the images, all of one size, were enlarged and then moved or given a rim, so that the squares do not begin at the corner or
// do not fill the sides: all changes of colour lie on one grid, and there are at least six along each side. Factor 1 else.
PixelGrid moved_grid(const std::vector<Image>& images);

// One pixel, the upper left, of each `factor` × `factor` block. Throws Failure(kInvalidArgument) if the sides do not divide.
Image downscaled(const Image& image, int factor);

// One of every so many pixels of a row and column, so that no side is longer than `longest`, for showing.
Image reduced(const Image& image, int longest);

}  // namespace kiln
