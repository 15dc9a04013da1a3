#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>

namespace kiln {

// Factors [B, C] fp32 by which whole channels of single sprites are dropped (Tompson et al. 2015): 0 or 1 / (1 - share), each by
// its place in the batch, its layer and the seed that the calling thread has set, so that a step can be repeated.
at::Tensor channel_factors(std::int64_t batch, std::int64_t channels, double share, c10::Device device);

// Sets the seed for the calling thread while it lives. first_row: place in the whole batch of the first sprite it sees.
class DropoutSeed {
 public:
  DropoutSeed(std::uint64_t seed, std::uint64_t first_row);
  ~DropoutSeed();
  DropoutSeed(const DropoutSeed&) = delete;
  DropoutSeed& operator=(const DropoutSeed&) = delete;
};

}  // namespace kiln
