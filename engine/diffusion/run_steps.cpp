#include "engine/diffusion/run_steps.h"

#include <string>

#include "engine/base/error.h"

namespace kiln {
namespace {

std::vector<int> run_timesteps(const RunConfig& config, int length) {
  if (config.timesteps.empty()) return spaced_timesteps(config.spacing, length, config.steps);
  int previous = length;
  for (const int t : config.timesteps) {
    if (t < 0 || t >= previous) {
      throw Failure(ErrorCode::kInvalidArgument, "step " + std::to_string(t) + " does not belong in this list of steps",
                    "list different steps from " + std::to_string(length - 1) + " down to 0");
    }
    previous = t;
  }
  return config.timesteps;
}

std::vector<double> run_alphas_bar(const NoiseSchedule& schedule, const std::vector<int>& timesteps) {
  std::vector<double> alphas_bar;
  for (const int t : timesteps) alphas_bar.push_back(schedule.alphas_bar[static_cast<std::size_t>(t)]);
  alphas_bar.push_back(1);
  return alphas_bar;
}

}  // namespace

RunSteps run_steps(const NoiseSchedule& schedule, const RunConfig& config) {
  RunSteps steps;
  steps.timesteps = run_timesteps(config, schedule.length());
  steps.alphas_bar = run_alphas_bar(schedule, steps.timesteps);
  const Sampler& sampler = find_sampler(config.sampler);
  steps.weights = sampler.weights(steps.alphas_bar, validated(sampler.params, config.sampler_params, "sampler " + sampler.id));
  return steps;
}

}  // namespace kiln
