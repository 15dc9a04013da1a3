#include "engine/diffusion/prediction.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/base/error.h"

namespace kiln {

PredictionTerms x0_terms(Prediction prediction, double alpha_bar) {
  const double signal = std::sqrt(alpha_bar), noise = std::sqrt(1 - alpha_bar);
  switch (prediction) {
    case Prediction::kEpsilon:
      if (alpha_bar <= 0) {
        throw Failure(ErrorCode::kInvalidArgument, "a network that predicts ε cannot start from a level without any signal",
                      "choose leading spacing with fewer steps, or use a v or x0 model");
      }
      return {1 / signal, -noise / signal};
    case Prediction::kV:
      return {signal, -noise};
    case Prediction::kX0:
      break;
  }
  return {0, 1};
}

PredictionTerms epsilon_terms(Prediction prediction, double alpha_bar) {
  const double signal = std::sqrt(alpha_bar), noise = std::sqrt(1 - alpha_bar);
  switch (prediction) {
    case Prediction::kX0:
      if (alpha_bar >= 1) {
        throw Failure(ErrorCode::kInvalidArgument, "there is no ε at a level without any noise",
                      "use a schedule with every β above 0");
      }
      return {1 / noise, -signal / noise};
    case Prediction::kV:
      return {noise, signal};
    case Prediction::kEpsilon:
      break;
  }
  return {0, 1};
}

at::Tensor noised(const at::Tensor& x_0, const at::Tensor& epsilon, const at::Tensor& signal, const at::Tensor& noise) {
  return signal * x_0 + noise * epsilon;
}

at::Tensor prediction_target(Prediction prediction, const at::Tensor& x_0, const at::Tensor& epsilon, const at::Tensor& signal,
                             const at::Tensor& noise) {
  switch (prediction) {
    case Prediction::kEpsilon:
      return epsilon;
    case Prediction::kV:
      return signal * epsilon - noise * x_0;
    case Prediction::kX0:
      break;
  }
  return x_0;
}

}  // namespace kiln
