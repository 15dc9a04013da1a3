#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/api/lab.h"
#include "engine/diffusion/denoiser.h"
#include "engine/diffusion/guidance.h"
#include "engine/diffusion/output_head.h"
#include "engine/diffusion/schedule.h"

namespace kiln {

// A sprite, its noise, and under which condition they are looked at.
struct StudyInput {
  at::Tensor x0;                   // [1, C, H, W] in [-1, 1]
  at::Tensor noise;                // the same, ε
  at::Tensor condition, negative;  // [1, K]; the negative half of guidance
  int timestep = 0;                // t, 0 … T-1
  Guidance guidance;               // scale and rescale; `from` and `to` are passed over
};

struct Study {
  double alpha_bar = 1;
  std::vector<LabPicture> pictures;
  ValueMap probabilities;  // [O, H, W] of a palette head's entries, with guidance; else empty
  std::vector<AttentionMap> attention;
};

// What the model makes of x_t = √ᾱ · x0 + √(1-ᾱ) · ε: its predictions of x0 and ε with and without condition and guidance, and
// what its attention looks at, if the denoiser runs the network itself. One call of the denoiser.
Study study(const NoiseSchedule& schedule, const OutputHead& head, Denoiser& denoiser, const StudyInput& input);

}  // namespace kiln
