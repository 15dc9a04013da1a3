#include "engine/inference/distilled_run.h"

#include <ATen/ATen.h>

#include <string>

#include "engine/api/sampling.h"
#include "engine/base/error.h"
#include "engine/base/param_spec.h"

namespace kiln {
namespace {

at::Tensor told(const at::Tensor& weights, double guidance, int steps) {
  const auto column = [&](double value) { return at::full({weights.size(0), 1}, value, weights.options()); };
  return at::cat({weights, column(guidance), column(steps)}, 1);
}

std::string range(double from, double to) {
  return "choose between " + to_string(ParamValue(from)) + " and " + to_string(ParamValue(to));
}

void check(const Model& model, const RunConfig& config, bool negative) {
  if (config.steps > model.few_steps)
    throw Failure(ErrorCode::kInvalidArgument, "this model does not draw in " + std::to_string(config.steps) + " steps",
                  "choose between 1 and " + std::to_string(model.few_steps) + " steps");
  const auto eta = config.sampler_params.find("eta");
  if (config.sampler != kDefaultSampler || (eta != config.sampler_params.end() && std::get<double>(eta->second) > 0) ||
      config.spacing != Spacing::kTrailing)
    throw Failure(ErrorCode::kInvalidArgument, "this model was distilled from DDIM, with trailing steps",
                  "leave out the sampler, its parameters and the spacing");
  const Guidance& guidance = config.guidance;
  if (guidance.scale < kLeastBuiltInGuidance || guidance.scale > kMostBuiltInGuidance)
    throw Failure(ErrorCode::kInvalidArgument, "this model has no guidance " + to_string(ParamValue(guidance.scale)) + " built in",
                  range(kLeastBuiltInGuidance, kMostBuiltInGuidance));
  if (!negative && (guidance.from > 0 || guidance.to < 1 || guidance.rescale > 0))
    throw Failure(ErrorCode::kInvalidArgument, "guidance is built into this model, for the whole of a run",
                  "leave out guidance_from, guidance_to and rescale");
}

}  // namespace

void suit_to_distilled(const Model& model, RunConfig& config, Conditioning& conditioning) {
  const bool negative = conditioning.negative.defined();
  check(model, config, negative);
  config.few_steps = true;
  conditioning.condition = told(conditioning.condition, negative ? kLeastBuiltInGuidance : config.guidance.scale, config.steps);
  if (negative)
    conditioning.negative = told(conditioning.negative, kLeastBuiltInGuidance, config.steps);
  else
    config.guidance.scale = 1;
}

}  // namespace kiln
