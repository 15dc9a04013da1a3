#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace kiln {

// A network as the denoising loop sees it: something that evaluates x_t for the steps of one run.
class Denoiser {
 public:
  virtual ~Denoiser() = default;

  // Announces a run, so that all that depends on step and condition alone can be computed once.
  // timesteps: the run's steps in training-step units (0 … T-1), first the noisiest. condition, negative: [B, K] fp32 class
  // weights, an all-zero row is the null condition.
  virtual void begin(const std::vector<double>& timesteps, const at::Tensor& condition, const at::Tensor& negative) = 0;

  // One batched evaluation at timesteps[step] of the raw network output, as an OutputHead reads it. x: [B, C, H, W] fp32.
  // guided: [2B, O, H, W] fp32, the conditional half first, the negative half second; else [B, O, H, W], conditional.
  virtual at::Tensor evaluate(const at::Tensor& x, int step, bool guided) = 0;
};

}  // namespace kiln
