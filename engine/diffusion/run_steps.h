#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/diffusion/conditioning.h"
#include "engine/diffusion/prediction.h"
#include "engine/diffusion/run_config.h"
#include "engine/diffusion/sampler.h"
#include "engine/diffusion/schedule.h"

namespace kiln {

// What a mask does to x after a step (Lugmayr et al. 2022). Where the init image is kept, x becomes init · w.init + fresh noise ·
// w.noise, the image at the level where the step ended (eq. 8a). If the same step is to be done again, all of x is then noised back
// to where it began: x · w.x + fresh noise · w.renoise.
struct KeptWeights {
  double init = 0;
  double noise = 0;
  double x = 1;
  double renoise = 0;
};

// The steps of a run, and all that is known of them before the first.
struct RunSteps {
  std::vector<int> timesteps;        // [S], the noisiest first; one that is done again stands there again
  std::vector<double> alphas_bar;    // [S + 1], ᾱ of each step, then 1
  std::vector<StepWeights> weights;  // [S]
  std::vector<KeptWeights> kept;     // [S]; empty without a mask
  std::vector<int> levels;           // [S], which of the run's different timesteps, 0 first
  double init = 0;                   // x of the first step: init image · init + noise · noise
  double noise = 1;

  int total() const { return static_cast<int>(timesteps.size()); }
};

// masked: part of the init image is kept. Throws Failure(kInvalidArgument): steps that the schedule does not have, an unknown
// sampler or parameter.
RunSteps run_steps(const NoiseSchedule& schedule, const RunConfig& config, bool masked = false);

// x of the run's first step [B, C, H, W], from the first draw of noise.
at::Tensor first_x(const RunSteps& steps, const Conditioning& conditioning, const at::Tensor& noise);

}  // namespace kiln
