#include "engine/diffusion/seeds.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

namespace kiln {

std::vector<std::uint64_t> sprite_seeds(std::uint64_t seed, int count) {
  std::vector<std::uint64_t> seeds;
  for (int i = 0; i < count; ++i) seeds.push_back(seed + static_cast<std::uint64_t>(i));
  return seeds;
}

SpriteNoise::SpriteNoise(const std::vector<std::uint64_t>& seeds, std::int64_t channels, std::int64_t height, std::int64_t width,
                         at::Device device)
    : channels_(channels), height_(height), width_(width), device_(device) {
  for (const std::uint64_t seed : seeds) generators_.push_back(at::detail::createCPUGenerator(seed));
}

at::Tensor SpriteNoise::draw() {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> sprites;
  for (at::Generator& generator : generators_) {
    sprites.push_back(at::randn({channels_, height_, width_}, generator, at::TensorOptions().dtype(at::kFloat)));
  }
  return at::stack(sprites).to(device_);
}

}  // namespace kiln
