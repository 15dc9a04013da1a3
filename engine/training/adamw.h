#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace kiln {

struct AdamWOptions {
  double learning_rate = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
  double ema_decay = 0.999;
  double gradient_scale = 1;  // applied to the gradient first (mean over the batch, clipping)
};

// One step of AdamW (Loshchilov & Hutter 2019) and of the exponential moving average of the weights, in one pass over flat
// vectors [P] fp32. `step` counts from 1, for the bias correction. decay_mask: 1 where weight decay applies.
void adamw_ema_step(const AdamWOptions& options, std::int64_t step, const at::Tensor& gradient, const at::Tensor& decay_mask,
                    at::Tensor& weights, at::Tensor& mean, at::Tensor& variance, at::Tensor& ema);

// The same to rounding as operations on whole tensors, on any device; LibTorch's fused one where it has it (2.4). The gradient may
// be left scaled.
void adamw_ema_step_by_tensors(const AdamWOptions& options, std::int64_t step, const at::Tensor& gradient,
                               const at::Tensor& decay_mask, at::Tensor& weights, at::Tensor& mean, at::Tensor& variance,
                               at::Tensor& ema);

// Learning rate of a step (from 0): linear warm-up, then a cosine from `highest` down to highest · final_share at `steps`.
double learning_rate_at(std::int64_t step, std::int64_t steps, std::int64_t warmup, double highest, double final_share);

// EMA decay with warm-up: min(decay, (1 + step) / (10 + step)).
double ema_decay_at(std::int64_t step, double decay);

}  // namespace kiln
