#pragma once

#include <ATen/core/Tensor.h>

#include <string_view>

namespace kiln {

// What the network's output means. v = √ᾱ · ε - √(1-ᾱ) · x_0 (Salimans & Ho 2022).
enum class Prediction { kEpsilon, kV, kX0 };

Prediction parse_prediction(std::string_view name);  // "eps", "v", "x0"; throws Failure(kInvalidArgument)
std::string_view to_string(Prediction prediction);

// Exact conversions at one noise level. All tensors have one shape. Throw Failure(kInvalidArgument) where the conversion does not
// exist: x0 from ε at ᾱ = 0, ε from x0 at ᾱ = 1.
at::Tensor predicted_x0(Prediction prediction, const at::Tensor& output, const at::Tensor& x_t, double alpha_bar);
at::Tensor predicted_epsilon(Prediction prediction, const at::Tensor& output, const at::Tensor& x_t, double alpha_bar);

}  // namespace kiln
