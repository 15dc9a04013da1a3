#pragma once

#include <ATen/core/Tensor.h>

namespace kiln {

// Standard normal noise for the sprites of one run. The first draw is where the run starts.
class NoiseSource {
 public:
  virtual ~NoiseSource() = default;
  virtual at::Tensor draw() = 0;  // [B, C, H, W], the same shape, type and device every time
};

}  // namespace kiln
