#include "engine/training/prediction_objective.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <vector>

#include "engine/base/error.h"
#include "engine/training/recipe.h"

namespace kiln {
double min_snr_weight(Prediction prediction, double snr, double gamma) {
  if (gamma <= 0) return 1;
  const double clipped = std::min(snr, gamma);
  switch (prediction) {
    case Prediction::kEpsilon:
      return snr > 0 ? clipped / snr : 1;
    case Prediction::kV:
      return clipped / (snr + 1);
    case Prediction::kX0:
      return clipped;
  }
  return 1;
}

PredictionObjective::PredictionObjective(const ParamMap& recipe, ConditionGroups groups)
    : Objective(Noising(recipe, groups)), prediction_(diffusion_of(recipe).prediction) {
  if (diffusion_of(recipe).legacy_noise && prediction_ == Prediction::kV) {
    throw Failure(ErrorCode::kInvalidArgument, "the prediction v does not go with the older noise",
                  "choose the prediction eps or x0, or turn legacy_noise off");
  }
  const double gamma = get_real(recipe, "min_snr_gamma");
  std::vector<float> weights;
  for (const double snr : noising().signal_to_noise())
    weights.push_back(static_cast<float>(min_snr_weight(prediction_, snr, gamma)));
  weights_ = at::tensor(weights);
}

Example PredictionObjective::example_of(const at::Tensor& x, const NoisedSprites& sprites) const {
  at::NoGradGuard no_grad;
  return {sprites.x_t, sprites.t, sprites.condition,
          prediction_target(prediction_, x, sprites.epsilon, sprites.signal, sprites.noise),
          at_levels(weights_, sprites.timesteps, x.device())};
}

at::Tensor PredictionObjective::losses(Network& network, const Example& example) const {
  const at::Tensor output = network.forward(example.x_t, example.t, example.condition);
  return (output - example.target).square().mean({1, 2, 3}) * example.weight;
}

}  // namespace kiln
