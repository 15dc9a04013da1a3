#include "engine/diffusion/seeds.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

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
  seeds.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) seeds.push_back(seed + static_cast<std::uint64_t>(i));
  return seeds;
}

at::Tensor slerp(const at::Tensor& from, const at::Tensor& to, double part) {
  const at::Tensor a = from.to(at::kDouble), b = to.to(at::kDouble);
  const double length_a = a.norm().item<double>(), length_b = b.norm().item<double>();
  const double cosine = (a * b).sum().item<double>() / (length_a * length_b);
  const double angle = std::acos(std::clamp(cosine, -1.0, 1.0)), sine = std::sin(angle);
  if (!(sine > 1e-6)) return ((1 - part) * a + part * b).to(from.scalar_type());
  const double length = (1 - part) * length_a + part * length_b;
  const double of_a = std::sin((1 - part) * angle) / sine * length / length_a,
               of_b = std::sin(part * angle) / sine * length / length_b;
  return (a * of_a + b * of_b).to(from.scalar_type());
}

SpriteNoise::SpriteNoise(const SpriteSeeds& seeds, std::int64_t channels, std::int64_t height, std::int64_t width,
                         at::Device device)
    : variation_(seeds.variation), channels_(channels), height_(height), width_(width), device_(device) {
  for (const std::uint64_t seed : seeds.each) generators_.push_back(generator_for(seed));
  if (variation_ > 0) of_.push_back(generator_for(seeds.of));
}

at::Tensor SpriteNoise::draw_from(at::Generator& generator) const {
  return at::randn({channels_, height_, width_}, generator, at::TensorOptions().dtype(at::kFloat));
}

at::Tensor SpriteNoise::draw() {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> sprites;
  for (at::Generator& generator : generators_) sprites.push_back(draw_from(generator));
  for (at::Generator& of : of_) {
    const at::Tensor from = draw_from(of);
    for (at::Tensor& sprite : sprites) sprite = slerp(from, sprite, variation_);
  }
  return at::stack(sprites).to(device_);
}

}  // namespace kiln
