#include "engine/network/blocks/dropout.h"

#include <ATen/ATen.h>

namespace kiln {
namespace {

struct State {
  std::uint64_t seed = 0, first_row = 0, layer = 0;
  DropoutTape* tape = nullptr;
};
thread_local State state;

// SplitMix64's finaliser: well-mixed bits of a counter.
std::uint64_t mix(std::uint64_t z) {
  z += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

// layer: counted from 1. factors: [B, C] fp32 on the CPU.
void draw(std::uint64_t seed, std::uint64_t first_row, std::uint64_t layer, double share, const at::Tensor& factors) {
  float* out = factors.data_ptr<float>();
  const float kept = static_cast<float>(1 / (1 - share));
  const auto limit = static_cast<std::uint64_t>(share * 0x1.0p32);
  const std::uint64_t layer_key = mix(seed ^ mix(layer));
  for (std::int64_t b = 0; b < factors.size(0); ++b) {
    const std::uint64_t row_key = mix(layer_key ^ (first_row + static_cast<std::uint64_t>(b)));
    for (std::int64_t c = 0; c < factors.size(1); ++c)
      *out++ = (mix(row_key + static_cast<std::uint64_t>(c)) >> 32) < limit ? 0.0F : kept;
  }
}

}  // namespace

at::Tensor channel_factors(std::int64_t batch, std::int64_t channels, double share, c10::Device device) {
  if (state.tape) return state.tape->next(batch, channels, share, device);
  const at::Tensor factors = at::empty({batch, channels}, at::TensorOptions().pinned_memory(device.is_cuda()));
  draw(state.seed, state.first_row, ++state.layer, share, factors);
  return factors.to(device, true);
}

DropoutSeed::DropoutSeed(std::uint64_t seed, std::uint64_t first_row) { state = {seed, first_row, 0, nullptr}; }
DropoutSeed::~DropoutSeed() { state = {}; }

DropoutTape::Reading::Reading(DropoutTape& tape) {
  tape.next_ = 0;
  state.tape = &tape;
}
DropoutTape::Reading::~Reading() { state.tape = nullptr; }

at::Tensor DropoutTape::next(std::int64_t batch, std::int64_t channels, double share, c10::Device device) {
  if (next_ == layers_.size()) layers_.push_back({share, at::ones({batch, channels}, device)});
  return layers_[next_++].factors;
}

std::vector<std::pair<at::Tensor, at::Tensor>> DropoutTape::drawn(std::uint64_t seed, std::uint64_t first_row) const {
  std::vector<std::pair<at::Tensor, at::Tensor>> all;
  for (const Layer& layer : layers_) {
    const at::Tensor factors = at::empty(layer.factors.sizes());
    draw(seed, first_row, all.size() + 1, layer.share, factors);
    all.emplace_back(factors, layer.factors);
  }
  return all;
}

}  // namespace kiln
