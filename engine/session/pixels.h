#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/api/frame.h"
#include "engine/base/image.h"

namespace kiln {

// What becomes of alpha. A network never quite reaches 0 or 255.
enum class AlphaFinish {
  kAsIs,     // previews
  kSnapped,  // nearly transparent is transparent, nearly opaque is opaque
  kHard,     // opaque or transparent, nothing between
};

// x: [B, C, H, W] in [-1, 1], C = 3 or 4, any device. Values are rounded to 8 bits and limited to their range; the colour of fully
// transparent pixels is cleared; RGB becomes opaque RGBA. The result has count, width, height and rgba set.
Frame to_frame(const at::Tensor& x, AlphaFinish finish);

std::vector<Image> sprites_of(const Frame& frame);

}  // namespace kiln
