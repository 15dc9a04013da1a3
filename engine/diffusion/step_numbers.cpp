#include "engine/diffusion/step_numbers.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace kiln {
namespace {

// The step along ε as its parts in x, the network's prediction and x0.
struct EpsilonParts {
  double x = 0, prediction = 0, x0 = 0;
};

EpsilonParts epsilon_parts(Prediction prediction, const RunConfig& config, double alpha_bar) {
  if (config.clamp && config.epsilon_from_clamped_x0) {
    const PredictionTerms terms = epsilon_terms(Prediction::kX0, alpha_bar);
    return {terms.x, 0, terms.prediction};
  }
  const PredictionTerms terms = epsilon_terms(prediction, alpha_bar);
  return {terms.x, terms.prediction, 0};
}

}  // namespace

std::vector<StepNumbers> step_numbers(const RunSteps& steps, Prediction prediction, const RunConfig& config, int length) {
  std::vector<StepNumbers> all;
  const double limit = config.clamp ? 1 : std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < steps.weights.size(); ++i) {
    const StepWeights& w = steps.weights[i];
    const PredictionTerms x0 = x0_terms(prediction, steps.alphas_bar[i]);
    const EpsilonParts epsilon = w.epsilon == 0 ? EpsilonParts{} : epsilon_parts(prediction, config, steps.alphas_bar[i]);
    StepNumbers& numbers = all.emplace_back();
    numbers[kTime] = static_cast<double>(steps.timesteps[i]) / length;
    numbers[kGuidance] = config.guidance.scale;
    numbers[kRescale] = config.guidance.rescale;
    numbers[kX0OfX] = x0.x;
    numbers[kX0OfPrediction] = x0.prediction;
    numbers[kLowest] = -limit;
    numbers[kHighest] = limit;
    numbers[kXOfX] = w.x_t + w.epsilon * epsilon.x;
    numbers[kXOfPrediction] = w.epsilon * epsilon.prediction;
    numbers[kXOfX0] = w.x0 + w.epsilon * epsilon.x0;
    numbers[kXOfPrevious] = w.previous_x0;
    numbers[kXOfNoise] = w.noise;
    const KeptWeights kept = steps.kept.empty() ? KeptWeights{} : steps.kept[i];
    numbers[kKeptOfInit] = kept.init;
    numbers[kKeptOfNoise] = kept.noise;
    numbers[kAgainOfX] = kept.x;
    numbers[kAgainOfNoise] = kept.renoise;
  }
  return all;
}

StepKind step_kind(const RunSteps& steps, const RunConfig& config, const OutputHead& head, int step) {
  const int level = steps.levels[static_cast<std::size_t>(step)];
  const bool guided = config.guidance.applies(level, steps.levels.back() + 1);
  const int left = steps.levels.back() - level;
  const int sharpness = head.is_palette() && (left == 0 || !config.few_steps) ? palette_sharpness(left) : 0;
  const bool noisy = std::any_of(steps.weights.begin(), steps.weights.end(), [](const StepWeights& w) { return w.noise != 0; });
  const bool again = std::any_of(steps.kept.begin(), steps.kept.end(), [](const KeptWeights& w) { return w.renoise != 0; });
  return {guided,   guided && config.guidance.rescale != 0, noisy, !steps.kept.empty(), again, config.symmetric, config.outline,
          sharpness};
}

at::Tensor HostArithmetic::sum(std::initializer_list<StepTerm> terms) const {
  at::Tensor total;
  for (const auto& [tensor, which] : terms) {
    if (number(which) == 0 || !tensor.defined()) continue;
    const at::Tensor product = tensor * number(which);
    total = total.defined() ? total.add_(product) : product;
  }
  return total.defined() ? total : at::zeros_like(terms.begin()->tensor);
}

at::Tensor HostArithmetic::clamped(const at::Tensor& x0) const {
  return number(kHighest) < std::numeric_limits<double>::infinity() ? x0.clamp(number(kLowest), number(kHighest)) : x0;
}

at::Tensor HostArithmetic::between(const at::Tensor& null, const at::Tensor& difference) const {
  return difference * number(kGuidance) + null;
}

at::Tensor HostArithmetic::deviation(const at::Tensor& output) const {
  std::vector<at::Tensor> deviations;
  for (const at::Tensor& sprite : output.unbind(0)) deviations.push_back(sprite.contiguous().std());
  return at::stack(deviations).view({-1, 1, 1, 1});
}

at::Tensor TableArithmetic::sum(std::initializer_list<StepTerm> terms) const {
  at::Tensor total;
  for (const auto& [tensor, which] : terms) {
    if (!tensor.defined()) continue;
    total = total.defined() ? total.addcmul_(tensor, number(which)) : tensor * number(which);
  }
  return total;
}

at::Tensor TableArithmetic::clamped(const at::Tensor& x0) const { return x0.clamp(number(kLowest), number(kHighest)); }

at::Tensor TableArithmetic::between(const at::Tensor& null, const at::Tensor& difference) const {
  return at::addcmul(null, difference, number(kGuidance));
}

at::Tensor TableArithmetic::deviation(const at::Tensor& output) const {
  return at::std(output, at::IntArrayRef{1, 2, 3}, true, true);
}

}  // namespace kiln
