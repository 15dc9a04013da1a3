#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace kiln {

// Whole channels of single sprites are dropped (Tompson et al. 2015), each by its place in the batch, its layer and the seed that
// the calling thread has set, so that a step can be repeated. x: [B, C, H, W].
at::Tensor drop_channels(const at::Tensor& x, double share);

// Sets the seed for the calling thread while it lives. first_row: place in the whole batch of the first sprite it sees.
class DropoutSeed {
 public:
  DropoutSeed(std::uint64_t seed, std::uint64_t first_row);
  ~DropoutSeed();
  DropoutSeed(const DropoutSeed&) = delete;
  DropoutSeed& operator=(const DropoutSeed&) = delete;
};

}  // namespace kiln
