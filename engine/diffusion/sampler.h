#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/param_spec.h"

namespace kiln {

// One step as the linear combination that every sampler here is:
// x_{t'} = x_t · w.x_t + x0 · w.x0 + ε · w.epsilon + previous x0 · w.previous_x0 + fresh noise · w.noise.
// (x0 and ε are predictions; step_numbers.h says how the network's output becomes them and carries the step out.)
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

}  // namespace kiln
