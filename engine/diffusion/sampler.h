#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/param_spec.h"
#include "engine/diffusion/noise_source.h"

namespace kiln {

// One step as the linear combination that every sampler here is:
// x_{t'} = x_t · w.x_t + x0 · w.x0 + ε · w.epsilon + previous x0 · w.previous_x0 + fresh noise · w.noise.
struct StepWeights {
  double x_t = 0;
  double x0 = 0;  // this step's prediction
  double epsilon = 0;
  double previous_x0 = 0;  // the step before's prediction; 0 at the first step
  double noise = 0;
};

// alphas_bar: [S + 1], ᾱ at each of the run's S steps, the noisiest first (0 is allowed there alone), then 1. Returns S weights.
using SamplerWeights = std::vector<StepWeights> (*)(const std::vector<double>& alphas_bar, const ParamMap& params);

struct Sampler {
  std::string id;     // "ddim"
  std::string label;  // "DDIM"
  std::string help;   // one sentence
  std::vector<ParamSpec> params;
  SamplerWeights weights;
};

// All samplers, in the order to show them. A new one is a file in samplers/ and its lines in sampler.cpp.
const std::vector<Sampler>& samplers();

// Throws Failure(kInvalidArgument), naming the nearest known one, when there is none of that name.
const Sampler& find_sampler(std::string_view id);

// Carries out one step. Tensors whose weight is 0 may be undefined; noise is drawn only if its weight is not 0.
// Element by element, so that a sprite does not depend on its batch.
at::Tensor apply_step(const StepWeights& weights, const at::Tensor& x_t, const at::Tensor& x0, const at::Tensor& epsilon,
                      const at::Tensor& previous_x0, NoiseSource& noise);

}  // namespace kiln
