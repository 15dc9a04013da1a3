#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/diffusion/noise_source.h"

namespace kiln {

// The seeds of a request's sprites: seed, seed + 1, …
std::vector<std::uint64_t> sprite_seeds(std::uint64_t seed, int count);

// What the noise of a request's sprites is drawn from: each sprite's own seed; with a variation, each draw is that share of the way
// from the draw of the seed `of` to its own, along the great circle between them (slerp, Shoemake 1985), which keeps it as likely
// as noise. 0: no variation.
struct SpriteSeeds {
  std::vector<std::uint64_t> each;
  double variation = 0;
  std::uint64_t of = 0;

  SpriteSeeds(std::vector<std::uint64_t> seeds) : each(std::move(seeds)) {}
};

// The point at `part` (0 … 1) of the great circle from `from` to `to`, any shape; its length goes evenly from the one's to the
// other's.
at::Tensor slerp(const at::Tensor& from, const at::Tensor& to, double part);

// A generator for each sprite, so that its noise depends on its own seed and on nothing beside it. Draw k of a sprite is the k-th
// torch.randn(C, H, W, generator=g) of a PyTorch CPU generator g with that seed, on every device; from 2^32 on, of a
// generator whose Mersenne Twister was begun with both words of the seed.
class SpriteNoise : public NoiseSource {
 public:
  SpriteNoise(const SpriteSeeds& seeds, std::int64_t channels, std::int64_t height, std::int64_t width,
              at::Device device = at::kCPU);

  at::Tensor draw() override;  // [B, C, H, W] fp32

 private:
  at::Tensor draw_from(at::Generator& generator) const;

  std::vector<at::Generator> generators_;
  double variation_;
  std::vector<at::Generator> of_;  // one, with a variation
  std::int64_t channels_, height_, width_;
  at::Device device_;
};

}  // namespace kiln
