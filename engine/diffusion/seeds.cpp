#include "engine/diffusion/seeds.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

namespace kiln {
namespace {

// The state of a Mersenne Twister for a key of two words (Matsumoto & Nishimura 2002, init_by_array).
at::mt19937_data_pod state_for(std::uint64_t seed) {
  constexpr std::uint32_t kKey = 2;
  const std::uint32_t key[kKey] = {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
  at::mt19937_data_pod data = at::mt19937(19650218).data();
  auto& words = data.state_;
  const auto size = static_cast<std::uint32_t>(words.size());
  std::uint32_t i = 1, j = 0;
  const auto mixed = [&](std::uint32_t factor) { return words[i] ^ ((words[i - 1] ^ (words[i - 1] >> 30)) * factor); };
  const auto next = [&] {
    if (++i < size) return;
    words[0] = words[size - 1];
    i = 1;
  };
  for (std::uint32_t k = size; k > 0; --k) {
    words[i] = mixed(1664525) + key[j] + j;
    j = (j + 1) % kKey;
    next();
  }
  for (std::uint32_t k = size - 1; k > 0; --k) {
    words[i] = mixed(1566083941) - i;
    next();
  }
  words[0] = 0x80000000;
  data.seed_ = seed;
  return data;
}

// PyTorch's generators take 32 bits of a seed; a larger one has a state of its own.
at::Generator generator_for(std::uint64_t seed) {
  at::Generator generator = at::detail::createCPUGenerator(seed);
  if (seed >> 32 == 0) return generator;
  at::mt19937 engine;
  engine.set_data(state_for(seed));
  at::check_generator<at::CPUGeneratorImpl>(generator)->set_engine(engine);
  return generator;
}

}  // namespace

std::vector<std::uint64_t> sprite_seeds(std::uint64_t seed, int count) {
  std::vector<std::uint64_t> seeds;
  for (int i = 0; i < count; ++i) seeds.push_back(seed + static_cast<std::uint64_t>(i));
  return seeds;
}

SpriteNoise::SpriteNoise(const std::vector<std::uint64_t>& seeds, std::int64_t channels, std::int64_t height, std::int64_t width,
                         at::Device device)
    : channels_(channels), height_(height), width_(width), device_(device) {
  for (const std::uint64_t seed : seeds) generators_.push_back(generator_for(seed));
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
