#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "engine/base/param_spec.h"
#include "engine/diffusion/prediction.h"
#include "engine/diffusion/schedule.h"
#include "engine/network/network.h"

namespace kiln {

// Noised sprites and the target that the network is to predict.
struct Example {
  at::Tensor x_t;        // [B, C, H, W]
  at::Tensor t;          // [B] fp32, step / T
  at::Tensor condition;  // [B, K]; all-zero rows are the null condition
  at::Tensor target;     // [B, C, H, W]
  at::Tensor weight;     // [B] loss weights

  Example rows(std::int64_t first, std::int64_t count) const;
  Example on(c10::Device device) const;  // itself where it is there already
};

// The training loss: a weighted mean squared error of the prediction (Ho et al. 2020; Salimans & Ho 2022), weights
// min(SNR, γ) as Min-SNR (Hang et al. 2023) has them for each prediction.
class Objective {
 public:
  // Reads schedule, prediction, legacy_noise, p_uncond and min_snr_gamma from a whole recipe. Throws Failure(kInvalidArgument)
  // where these do not go together.
  Objective(const ParamMap& recipe, int classes);

  // Noises x [B, C, H, W], classes [B] for training step `step`: timesteps stratified over the batch, a share of null conditions.
  // Depends on its arguments alone, and on the kind of device that x is on, which makes the noise. `classes` is on the CPU.
  Example training_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed, std::int64_t step) const;

  // The same sprites at evenly spread timesteps with fixed noise, always with their class.
  Example fixed_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed) const;

  // [B], each sprite's weighted mean squared error, with a gradient.
  at::Tensor losses(Network& network, const Example& example) const;
  // Their sum, a scalar.
  at::Tensor loss_sum(Network& network, const Example& example) const;

  const NoiseSchedule& schedule() const { return schedule_; }

 private:
  Example noised(const at::Tensor& x, const at::Tensor& timesteps, const at::Tensor& condition, std::uint64_t noise_seed) const;

  NoiseSchedule schedule_;
  Prediction prediction_;
  int classes_;
  double p_uncond_;
  at::Tensor root_signal_, noise_scale_, weights_;  // [T]: √ᾱ, √(1-ᾱ) (with legacy noise 1-ᾱ), loss weight
};

// The schedule that a recipe names.
ScheduleConfig recipe_schedule(const ParamMap& recipe);

}  // namespace kiln
