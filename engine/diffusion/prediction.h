#pragma once

#include <ATen/core/Tensor.h>

#include "engine/base/diffusion_config.h"

namespace kiln {

// A quantity at one noise level as a sum of what a step has: x · x_t + prediction · prediction.
struct PredictionTerms {
  double x = 0;
  double prediction = 0;
};

// Exact conversions at one noise level ᾱ. Throw Failure(kInvalidArgument) where the conversion does not exist: x0 from ε at ᾱ = 0,
// ε from x0 at ᾱ = 1.
PredictionTerms x0_terms(Prediction prediction, double alpha_bar);
PredictionTerms epsilon_terms(Prediction prediction, double alpha_bar);

// For training. x_0, epsilon: [B, C, H, W]; signal, noise: [B, 1, 1, 1], √ᾱ and √(1-ᾱ) of each sprite's noise level.
// x_t = signal · x_0 + noise · ε, and what the network should answer to it.
at::Tensor noised(const at::Tensor& x_0, const at::Tensor& epsilon, const at::Tensor& signal, const at::Tensor& noise);
at::Tensor prediction_target(Prediction prediction, const at::Tensor& x_0, const at::Tensor& epsilon, const at::Tensor& signal,
                             const at::Tensor& noise);

}  // namespace kiln
