#include "engine/diffusion/static_step.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/error.h"

namespace kiln {
namespace {

// Of the table. x0 = x · x0_of_x + output · x0_of_output, clamped between lowest and highest;
// the next x = x · x_of_x + output · x_of_output + x0 · x_of_x0 + previous x0 · x_of_previous + noise · x_of_noise.
enum Column : std::int64_t {
  kTime,
  kGuidance,
  kRescale,
  kX0OfX,
  kX0OfOutput,
  kLowest,
  kHighest,
  kXOfX,
  kXOfOutput,
  kXOfX0,
  kXOfPrevious,
  kXOfNoise,
};
static_assert(kXOfNoise + 1 == kStepColumns);

struct Terms {
  double x = 0, output = 0, x0 = 0;
};

// As predicted_x0.
Terms x0_terms(Prediction prediction, double alpha_bar) {
  const double signal = std::sqrt(alpha_bar), noise = std::sqrt(1 - alpha_bar);
  switch (prediction) {
    case Prediction::kEpsilon:
      return {1 / signal, -noise / signal, 0};
    case Prediction::kV:
      return {signal, -noise, 0};
    case Prediction::kX0:
      break;
  }
  return {0, 1, 0};
}

// As predicted_epsilon, from the clamped x0 where the run says so.
Terms epsilon_terms(Prediction prediction, const RunConfig& config, double alpha_bar) {
  const bool from_x0 = config.clamp && config.epsilon_from_clamped_x0;
  const double signal = std::sqrt(alpha_bar), noise = std::sqrt(1 - alpha_bar);
  if ((from_x0 || prediction == Prediction::kX0) && alpha_bar >= 1) {
    throw Failure(ErrorCode::kInvalidArgument, "there is no ε at a level without any noise", "use a schedule with every β above 0");
  }
  if (from_x0) return {1 / noise, 0, -signal / noise};
  switch (prediction) {
    case Prediction::kX0:
      return {1 / noise, -signal / noise, 0};
    case Prediction::kV:
      return {noise, signal, 0};
    case Prediction::kEpsilon:
      break;
  }
  return {0, 1, 0};
}

at::Tensor sprite_std(const at::Tensor& output) { return at::std(output, at::IntArrayRef{1, 2, 3}, true, true); }

// guided() of guidance.h, with scale and share from the table.
at::Tensor combined(const at::Tensor& output, const at::Tensor& scale, const at::Tensor& share, bool rescaled) {
  const auto halves = output.chunk(2, 0);
  const at::Tensor both = at::addcmul(halves[1], halves[0] - halves[1], scale);
  if (!rescaled) return both;
  const at::Tensor ratio = sprite_std(halves[0]) / sprite_std(both).clamp_min(std::numeric_limits<float>::min());
  return both * (ratio * share + (1 - share));
}

}  // namespace

StepKind step_kind(const RunSteps& steps, const RunConfig& config, int step) {
  const bool guided = config.guidance.applies(step, steps.total());
  const bool noisy = std::any_of(steps.weights.begin(), steps.weights.end(), [](const StepWeights& w) { return w.noise != 0; });
  return {guided, guided && config.guidance.rescale != 0, noisy};
}

at::Tensor step_table(const RunSteps& steps, Prediction prediction, const RunConfig& config, int length) {
  at::Tensor table = at::zeros({steps.total(), kStepColumns}, at::kDouble);
  const double limit = config.clamp ? 1 : std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < steps.weights.size(); ++i) {
    const StepWeights& w = steps.weights[i];
    const double alpha_bar = steps.alphas_bar[i];
    const Terms x0 = x0_terms(prediction, alpha_bar);
    const Terms epsilon = w.epsilon == 0 ? Terms{} : epsilon_terms(prediction, config, alpha_bar);
    double* const row = table.data_ptr<double>() + i * kStepColumns;
    row[kTime] = static_cast<double>(steps.timesteps[i]) / length;
    row[kGuidance] = config.guidance.scale;
    row[kRescale] = config.guidance.rescale;
    row[kX0OfX] = x0.x;
    row[kX0OfOutput] = x0.output;
    row[kLowest] = -limit;
    row[kHighest] = limit;
    row[kXOfX] = w.x_t + w.epsilon * epsilon.x;
    row[kXOfOutput] = w.epsilon * epsilon.output;
    row[kXOfX0] = w.x0 + w.epsilon * epsilon.x0;
    row[kXOfPrevious] = w.previous_x0;
    row[kXOfNoise] = w.noise;
  }
  return table;
}

StepState StepState::make(at::IntArrayRef shape, std::int64_t classes, std::int64_t rows, const at::TensorOptions& options) {
  StepState state;
  state.table = at::zeros({rows, kStepColumns}, options);
  state.next = at::zeros({1}, options.dtype(at::kLong));
  state.condition = at::zeros({2 * shape[0], classes}, options);
  state.x = at::zeros(shape, options);
  state.x0 = at::zeros(shape, options);
  state.noise = at::zeros(shape, options);
  return state;
}

void static_step(const StepState& state, const StepKind& kind, const StepNetwork& network) {
  const at::NoGradGuard no_grad;
  const auto sprites = state.x.size(0), rows = kind.guided ? 2 * sprites : sprites;
  const at::Tensor numbers = state.table.index_select(0, state.next);                 // [1, kStepColumns]
  const auto column = [&numbers](Column place) { return numbers.select(1, place); };  // [1]
  const at::Tensor x = kind.guided ? at::cat({state.x, state.x}) : state.x;
  at::Tensor output = network(x, column(kTime).repeat({rows}), state.condition.narrow(0, 0, rows)).to(state.x.scalar_type());
  if (kind.guided) output = combined(output, column(kGuidance), column(kRescale), kind.rescaled);

  const at::Tensor x0 = at::addcmul(state.x * column(kX0OfX), output, column(kX0OfOutput)).clamp(column(kLowest), column(kHighest));
  at::Tensor next = state.x * column(kXOfX);
  next.addcmul_(output, column(kXOfOutput)).addcmul_(x0, column(kXOfX0)).addcmul_(state.x0, column(kXOfPrevious));
  if (kind.noisy) next.addcmul_(state.noise, column(kXOfNoise));
  state.x.copy_(next);
  state.x0.copy_(x0);
  state.next.add_(1);
}

}  // namespace kiln
