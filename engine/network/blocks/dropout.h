#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <utility>
#include <vector>

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

// Factors that stay in their place, for a training that is recorded once and repeated: while a Reading of it lives, channel_factors
// gives the tape's own tensors on the calling thread, the same at every pass. What is in them is for the caller to copy there.
class DropoutTape {
 public:
  class Reading {
   public:
    explicit Reading(DropoutTape& tape);
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
  };

  // For each tensor that was asked for, in that order: what would be in it with DropoutSeed(seed, first_row), on the CPU, and
  // itself.
  std::vector<std::pair<at::Tensor, at::Tensor>> drawn(std::uint64_t seed, std::uint64_t first_row) const;

  at::Tensor next(std::int64_t batch, std::int64_t channels, double share, c10::Device device);

 private:
  struct Layer {
    double share;
    at::Tensor factors;
  };
  std::vector<Layer> layers_;
  std::size_t next_ = 0;
};

}  // namespace kiln
