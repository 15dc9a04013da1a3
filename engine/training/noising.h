#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "engine/base/param_spec.h"
#include "engine/diffusion/schedule.h"

namespace kiln {

// What the sprites of a training are told apart by.
struct ConditionGroups {
  int classes = 0;
  int frames = 0;  // of the longest animation; 0: no sprite is of one

  ConditionGroups(int all_classes, int all_frames = 0) : classes(all_classes), frames(all_frames) {}
  int width() const { return classes + frames; }
};

// Sprites at some noise levels, as every objective shows them to a network.
struct NoisedSprites {
  at::Tensor x_t;        // [B, C, H, W]: signal · x_0 + noise · ε
  at::Tensor epsilon;    // [B, C, H, W]
  at::Tensor signal;     // [B, 1, 1, 1], √ᾱ
  at::Tensor noise;      // [B, 1, 1, 1], √(1-ᾱ), with legacy noise 1-ᾱ
  at::Tensor timesteps;  // [B] int64, 0 … T-1, on the CPU
  at::Tensor t;          // [B] fp32, step / T
  at::Tensor condition;  // [B, K + F]; all-zero rows are the null condition
};

// Chooses noise levels, null conditions and noise. All of it depends on the arguments alone, and on the kind of device that x is
// on, which makes the noise.
class Noising {
 public:
  // Reads schedule, legacy_noise, p_uncond and timestep_distribution from a whole recipe.
  Noising(const ParamMap& recipe, ConditionGroups groups);

  // x: [B, C, H, W]; classes: of class_numbers() (data/batches.h), on the CPU. For training step `step`: timesteps stratified over
  // the batch, a share of null conditions.
  NoisedSprites of_step(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed, std::int64_t step) const;
  // At evenly spread timesteps with fixed noise, always with their class.
  NoisedSprites fixed(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed) const;

  // At these timesteps [B] int64, on the CPU, with this condition [B, …].
  NoisedSprites noised_at(const at::Tensor& x, const at::Tensor& timesteps, const at::Tensor& condition,
                          std::uint64_t noise_seed) const;
  // x_t [B, C, H, W] as what became of x at these timesteps.
  NoisedSprites seen_at(at::Tensor x_t, const at::Tensor& timesteps, const at::Tensor& condition, const at::Tensor& x) const;
  // [B, K + F] of class_numbers(), on the CPU; at training step `step` a share of them is the null condition, and of the others a
  // share has no frame.
  at::Tensor conditions(const at::Tensor& classes, std::uint64_t seed, std::int64_t step) const;

  const NoiseSchedule& schedule() const { return schedule_; }
  // Signal-to-noise ratio of each of the T levels.
  std::vector<double> signal_to_noise() const;

 private:
  NoisedSprites at_timesteps(const at::Tensor& timesteps, const at::Tensor& condition,
                             c10::Device device) const;  // without sprites
  double noise_scale(double alpha_bar) const;
  // That share of all draws is below it, 0 … 1.
  std::int64_t timestep_at(double share) const;

  NoiseSchedule schedule_;
  bool legacy_;
  ConditionGroups groups_;
  double p_uncond_;
  at::Tensor signal_, noise_;   // [T]
  std::vector<double> shares_;  // [T] cumulative, of the draws; empty: evenly over the timesteps
};

// A value for each sprite out of a table [T] over the noise levels, on the device. timesteps: [B], on the CPU.
at::Tensor at_levels(const at::Tensor& table, const at::Tensor& timesteps, c10::Device device);

}  // namespace kiln
