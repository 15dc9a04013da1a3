#pragma once

#include "engine/diffusion/conditioning.h"
#include "engine/diffusion/run_config.h"
#include "engine/network/model.h"

namespace kiln {

// Makes a run one that suits a distilled model: scale of guidance and number of steps are the last columns of its condition, in
// place of a second evaluation. A negative condition is no part of what it was taught, so it is led away from as with other models,
// from and to what it gives without guidance. Throws Failure(kInvalidArgument) for more steps or other guidance than it knows, and
// for what was settled when it was distilled: the sampler, the spacing, guidance over part of the run, its rescale.
void suit_to_distilled(const Model& model, RunConfig& config, Conditioning& conditioning);

}  // namespace kiln
