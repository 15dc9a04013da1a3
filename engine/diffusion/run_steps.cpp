#include "engine/diffusion/run_steps.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
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

// Leaves the timesteps from the one nearest to strength · T on.
void begin_at_strength(std::vector<int>& timesteps, double strength, int length) {
  const auto distance = [&](int t) { return std::abs(t - strength * length); };
  const auto nearest =
      std::min_element(timesteps.begin(), timesteps.end(), [&](int a, int b) { return distance(a) < distance(b); });
  timesteps.erase(timesteps.begin(), nearest);
}

std::vector<double> run_alphas_bar(const NoiseSchedule& schedule, const std::vector<int>& timesteps) {
  std::vector<double> alphas_bar;
  alphas_bar.reserve(timesteps.size() + 1);
  for (const int t : timesteps) alphas_bar.push_back(schedule.alphas_bar[static_cast<std::size_t>(t)]);
  alphas_bar.push_back(1);
  return alphas_bar;
}

// What a sampler does from one level to another as the first of a run's steps: the step before one that is done again was at the
// same level, and tells nothing of how x0 changes between levels.
StepWeights first_weights(const Sampler& sampler, const ParamMap& params, double now, double next) {
  return sampler.weights({now, next, 1}, params).front();
}

// The same steps with a mask, each but the last `times` over (Lugmayr et al. 2022, algorithm 1, with jumps of one step).
RunSteps masked_steps(const RunSteps& plain, const Sampler& sampler, const ParamMap& params, int times) {
  RunSteps steps;
  steps.init = plain.init;
  steps.noise = plain.noise;
  for (std::size_t i = 0; i < plain.weights.size(); ++i) {
    const double now = plain.alphas_bar[i], next = plain.alphas_bar[i + 1];
    const int visits = next < 1 ? times : 1;
    for (int visit = 1; visit <= visits; ++visit) {
      steps.timesteps.push_back(plain.timesteps[i]);
      steps.alphas_bar.push_back(now);
      steps.levels.push_back(plain.levels[i]);
      steps.weights.push_back(visit == 1 ? plain.weights[i] : first_weights(sampler, params, now, next));
      KeptWeights& kept = steps.kept.emplace_back(KeptWeights{.init = std::sqrt(next), .noise = std::sqrt(1 - next)});
      if (visit == visits) continue;
      kept.x = std::sqrt(now / next);
      kept.renoise = std::sqrt(1 - now / next);
    }
  }
  steps.alphas_bar.push_back(1);
  return steps;
}

}  // namespace

RunSteps run_steps(const NoiseSchedule& schedule, const RunConfig& config, bool masked) {
  RunSteps steps;
  steps.timesteps = run_timesteps(config, schedule.length());
  if (config.strength < 1) begin_at_strength(steps.timesteps, config.strength, schedule.length());
  steps.alphas_bar = run_alphas_bar(schedule, steps.timesteps);
  for (int i = 0; i < steps.total(); ++i) steps.levels.push_back(i);
  if (config.strength < 1) {
    steps.init = std::sqrt(steps.alphas_bar.front());
    steps.noise = std::sqrt(1 - steps.alphas_bar.front());
  }
  const Sampler& sampler = find_sampler(config.sampler);
  const ParamMap params = validated(sampler.params, config.sampler_params, "sampler " + sampler.id);
  steps.weights = sampler.weights(steps.alphas_bar, params);
  return masked ? masked_steps(steps, sampler, params, config.resample) : steps;
}

at::Tensor first_x(const RunSteps& steps, const Conditioning& conditioning, const at::Tensor& noise) {
  if (steps.noise == 1) return noise;
  if (!conditioning.init.defined())
    throw Failure(ErrorCode::kInternal, "a run was to begin at an init image that is not there", "please report this");
  return conditioning.init.to(noise.options()) * steps.init + noise * steps.noise;
}

}  // namespace kiln
