#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/param_spec.h"
#include "engine/diffusion/guidance.h"
#include "engine/diffusion/outline.h"
#include "engine/diffusion/spacing.h"

namespace kiln {

// Everything that decides how a run goes, beside the model, the conditions and the seeds.
struct RunConfig {
  std::string sampler = "ddim";  // samplers()
  ParamMap sampler_params;       // over that sampler's defaults
  int steps = 25;
  Spacing spacing = Spacing::kTrailing;
  std::vector<int> timesteps;  // if not empty, these in place of `steps` and `spacing`; descending
  // With an init image, the run begins at the step nearest to strength · T, the noisier of two; 1: at the first, from noise alone.
  double strength = 1;
  int resample = 1;  // how often each step but the last is done, with a mask
  Guidance guidance;
  bool symmetric = false;  // every prediction of the sprites is the mean of itself and its mirror image, left to right
  Outline outline = Outline::kOff;
  std::vector<int> barred_colours;  // entries of a palette head that are not to be used (output_head.h); of other heads none
  bool few_steps = false;           // of a distilled model, whose x0 is a mean over part of the way: sharpened at the end alone
  bool clamp = true;                // x0 to [-1, 1] at every step
  // ε follows the clamped x0, so that both describe one x_t. False keeps the network's own ε (the default of diffusers' DDIM).
  bool epsilon_from_clamped_x0 = true;
};

// A checked RunConfig from values over the defaults of sampling_specs() and of the sampler's parameters. Throws
// Failure(kInvalidArgument) for an unknown sampler or key, and for a value out of range.
RunConfig make_run_config(std::string_view sampler, const ParamMap& sampler_params, const ParamMap& shared_params);

}  // namespace kiln
