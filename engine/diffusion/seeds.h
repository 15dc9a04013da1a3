#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "engine/diffusion/noise_source.h"

namespace kiln {

// The seeds of a request's sprites: seed, seed + 1, …
std::vector<std::uint64_t> sprite_seeds(std::uint64_t seed, int count);

// A generator for each sprite, so that its noise depends on its own seed and on nothing beside it. Draw k of a sprite is the k-th
// torch.randn(C, H, W, generator=g) of a PyTorch CPU generator g with that seed, on every device; from 2^32 on, of a
// generator whose Mersenne Twister was begun with both words of the seed.
class SpriteNoise : public NoiseSource {
 public:
  SpriteNoise(const std::vector<std::uint64_t>& seeds, std::int64_t channels, std::int64_t height, std::int64_t width,
              at::Device device = at::kCPU);

  at::Tensor draw() override;  // [B, C, H, W] fp32

 private:
  std::vector<at::Generator> generators_;
  std::int64_t channels_, height_, width_;
  at::Device device_;
};

}  // namespace kiln
