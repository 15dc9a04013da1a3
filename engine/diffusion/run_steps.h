#pragma once

#include <vector>

#include "engine/diffusion/prediction.h"
#include "engine/diffusion/run_config.h"
#include "engine/diffusion/sampler.h"
#include "engine/diffusion/schedule.h"

namespace kiln {

// The steps of a run, and all that is known of them before the first.
struct RunSteps {
  std::vector<int> timesteps;        // [S], the noisiest first
  std::vector<double> alphas_bar;    // [S + 1], ᾱ of each step, then 1
  std::vector<StepWeights> weights;  // [S]

  int total() const { return static_cast<int>(timesteps.size()); }
};

// Throws Failure(kInvalidArgument): steps that the schedule does not have, an unknown sampler or parameter.
RunSteps run_steps(const NoiseSchedule& schedule, const RunConfig& config);

}  // namespace kiln
