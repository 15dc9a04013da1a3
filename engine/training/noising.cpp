#include "engine/training/noising.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/data/batches.h"
#include "engine/data/counter_random.h"
#include "engine/diffusion/prediction.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

constexpr double kNoFrameShare = 0.1;  // of the sprites that are shown with their class but without their frame

enum Stream : std::uint64_t { kTimesteps = 1, kNoise, kDropClass, kFixedNoise };

// A generator of its own, seeded.
at::Generator generator_for(c10::Device device, std::uint64_t seed) {
  if (device.is_cpu()) return at::make_generator<at::CPUGeneratorImpl>(seed);
  at::Generator generator = at::globalContext().defaultGenerator(device).clone();
  generator.set_current_seed(seed);
  return generator;
}

// For each timestep, the share of draws at it or at less noise where ln(σ/α) ~ N(-1.2, 1.2²), as Karras et al. 2022 (EDM, table 1)
// draw noise for pictures of this range.
std::vector<double> log_normal_shares(const NoiseSchedule& schedule) {
  constexpr double kMean = -1.2, kDeviation = 1.2;
  std::vector<double> shares;
  for (const double alpha_bar : schedule.alphas_bar) {
    const double log_ratio = 0.5 * std::log((1 - alpha_bar) / std::max(alpha_bar, 1e-20));
    shares.push_back(0.5 * std::erfc((kMean - log_ratio) / (kDeviation * std::sqrt(2.0))));
  }
  return shares;
}

// [B, K + F] of class_numbers().
at::Tensor one_hot(const at::Tensor& classes, const ConditionGroups& groups) {
  at::Tensor condition = at::zeros({classes.size(0), groups.width()});
  const at::Tensor numbers = classes.dim() == 1 ? classes.unsqueeze(1) : classes;
  const auto number = numbers.accessor<std::int64_t, 2>();
  auto out = condition.accessor<float, 2>();
  for (std::int64_t i = 0; i < classes.size(0); ++i) {
    out[i][number[i][0]] = 1;
    if (groups.frames > 0 && number[i][1] >= 0) out[i][groups.classes + number[i][1]] = 1;
  }
  return condition;
}

}  // namespace

Noising::Noising(const ParamMap& recipe, ConditionGroups groups)
    : schedule_(make_schedule(diffusion_of(recipe).schedule)),
      legacy_(diffusion_of(recipe).legacy_noise),
      groups_(groups),
      p_uncond_(get_real(recipe, "p_uncond")) {
  if (get_text(recipe, "timestep_distribution") == "log_normal") shares_ = log_normal_shares(schedule_);
  std::vector<float> signal, noise;
  for (const double alpha_bar : schedule_.alphas_bar) {
    signal.push_back(static_cast<float>(std::sqrt(alpha_bar)));
    noise.push_back(static_cast<float>(noise_scale(alpha_bar)));
  }
  signal_ = at::tensor(signal);
  noise_ = at::tensor(noise);
}

double Noising::noise_scale(double alpha_bar) const { return legacy_ ? 1 - alpha_bar : std::sqrt(1 - alpha_bar); }

std::vector<double> Noising::signal_to_noise() const {
  std::vector<double> ratios;
  for (const double alpha_bar : schedule_.alphas_bar) {
    const double noise = noise_scale(alpha_bar);
    ratios.push_back(alpha_bar / std::max(noise * noise, 1e-20));
  }
  return ratios;
}

std::int64_t Noising::timestep_at(double share) const {
  const std::int64_t timestep = shares_.empty() ? static_cast<std::int64_t>(share * schedule_.length())
                                                : std::upper_bound(shares_.begin(), shares_.end(), share) - shares_.begin();
  return std::min<std::int64_t>(schedule_.length() - 1, timestep);
}

NoisedSprites Noising::of_step(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed, std::int64_t step) const {
  const auto batch = x.size(0);
  const auto place = static_cast<std::uint64_t>(step);
  at::Tensor timesteps = at::empty({batch}, at::kLong);
  const double offset = CounterRandom(seed, kTimesteps, place).unit();
  for (std::int64_t i = 0; i < batch; ++i)
    timesteps.data_ptr<std::int64_t>()[i] =
        timestep_at(std::fmod(offset + static_cast<double>(i) / static_cast<double>(batch), 1.0));
  return noised_at(x, timesteps, conditions(classes, seed, step), CounterRandom(seed, kNoise, place).next());
}

at::Tensor Noising::conditions(const at::Tensor& classes, std::uint64_t seed, std::int64_t step) const {
  at::Tensor condition = one_hot(classes, groups_);
  CounterRandom drops(seed, kDropClass, static_cast<std::uint64_t>(step));
  for (std::int64_t i = 0; i < classes.size(0); ++i) {
    if (drops.unit() < p_uncond_) condition[i].zero_();
    if (groups_.frames > 0 && drops.unit() < kNoFrameShare) condition[i].narrow(0, groups_.classes, groups_.frames).zero_();
  }
  return condition;
}

NoisedSprites Noising::fixed(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed) const {
  const auto batch = x.size(0);
  at::Tensor timesteps = at::empty({batch}, at::kLong);
  for (std::int64_t i = 0; i < batch; ++i) timesteps.data_ptr<std::int64_t>()[i] = (2 * i + 1) * schedule_.length() / (2 * batch);
  return noised_at(x, timesteps, one_hot(classes, groups_), CounterRandom(seed, kFixedNoise, 0).next());
}

NoisedSprites Noising::noised_at(const at::Tensor& x, const at::Tensor& timesteps, const at::Tensor& condition,
                                 std::uint64_t noise_seed) const {
  at::NoGradGuard no_grad;
  NoisedSprites sprites = at_timesteps(timesteps, condition, x.device());
  sprites.epsilon = at::randn(x.sizes(), generator_for(x.device(), noise_seed), x.options());
  sprites.x_t = noised(x, sprites.epsilon, sprites.signal, sprites.noise);
  return sprites;
}

NoisedSprites Noising::seen_at(at::Tensor x_t, const at::Tensor& timesteps, const at::Tensor& condition,
                               const at::Tensor& x) const {
  at::NoGradGuard no_grad;
  NoisedSprites sprites = at_timesteps(timesteps, condition, x.device());
  sprites.x_t = std::move(x_t);
  sprites.epsilon = (sprites.x_t - sprites.signal * x) / sprites.noise;
  return sprites;
}

NoisedSprites Noising::at_timesteps(const at::Tensor& timesteps, const at::Tensor& condition, c10::Device device) const {
  NoisedSprites sprites;
  sprites.signal = at_levels(signal_, timesteps, device).view({-1, 1, 1, 1});
  sprites.noise = at_levels(noise_, timesteps, device).view({-1, 1, 1, 1});
  sprites.timesteps = timesteps;
  sprites.t = sent_to(timesteps.to(at::kFloat) / static_cast<double>(schedule_.length()), device);
  sprites.condition = sent_to(condition, device);
  return sprites;
}

at::Tensor at_levels(const at::Tensor& table, const at::Tensor& timesteps, c10::Device device) {
  return sent_to(table.index({timesteps}), device);
}

}  // namespace kiln
