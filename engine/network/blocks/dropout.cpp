#include "engine/network/blocks/dropout.h"

#include <ATen/ATen.h>

namespace kiln {
namespace {

struct State {
  std::uint64_t seed = 0, first_row = 0, layer = 0;
};
thread_local State state;

// SplitMix64's finaliser: well-mixed bits of a counter.
std::uint64_t mix(std::uint64_t z) {
  z += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

at::Tensor channel_factors(std::int64_t batch, std::int64_t channels, double share, c10::Device device) {
  at::Tensor factors = at::empty({batch, channels}, at::TensorOptions().pinned_memory(device.is_cuda()));
  float* out = factors.data_ptr<float>();
  const float kept = static_cast<float>(1 / (1 - share));
  const auto limit = static_cast<std::uint64_t>(share * 0x1.0p32);
  const std::uint64_t layer_key = mix(state.seed ^ mix(++state.layer));
  for (std::int64_t b = 0; b < batch; ++b) {
    const std::uint64_t row_key = mix(layer_key ^ (state.first_row + static_cast<std::uint64_t>(b)));
    for (std::int64_t c = 0; c < channels; ++c) *out++ = (mix(row_key + static_cast<std::uint64_t>(c)) >> 32) < limit ? 0.0F : kept;
  }
  return factors.to(device, true);
}

DropoutSeed::DropoutSeed(std::uint64_t seed, std::uint64_t first_row) { state = {seed, first_row, 0}; }
DropoutSeed::~DropoutSeed() { state = {}; }

}  // namespace kiln
