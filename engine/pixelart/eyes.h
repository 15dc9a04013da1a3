#pragma once

#include <optional>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"
#include "engine/pixelart/drawing.h"

namespace kiln {

struct Eye {
  std::vector<PixelPoint> pixels;
  int top = 0, bottom = 0;  // rows, both included
};

struct Eyes {
  Eye left, right;
  Rgb8 skin;  // what is around them
};

// Two small spots that are alike, side by side about the middle of the upper part of the sprite, much darker or lighter than the
// one colour that is mostly around both. None where there is no such pair, or where so many are alike that they are rather a
// pattern.
std::optional<Eyes> find_eyes(const Image& sprite);

}  // namespace kiln
