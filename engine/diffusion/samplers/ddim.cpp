#include <algorithm>
#include <cmath>

#include "engine/diffusion/sampler.h"

namespace kiln {
namespace {

// Song et al. 2021, eq. 12 and 16.
std::vector<StepWeights> ddim_weights(const std::vector<double>& alphas_bar, const ParamMap& params) {
  const double eta = get_real(params, "eta");
  std::vector<StepWeights> steps;
  for (std::size_t i = 0; i + 1 < alphas_bar.size(); ++i) {
    const double now = alphas_bar[i], next = alphas_bar[i + 1];
    const double variance = eta * eta * (1 - next) / (1 - now) * (1 - now / next);
    StepWeights step;
    step.x0 = std::sqrt(next);
    step.epsilon = std::sqrt(std::max(0.0, 1 - next - variance));
    step.noise = std::sqrt(variance);
    steps.push_back(step);
  }
  return steps;
}

}  // namespace

Sampler ddim_sampler() {
  return {.id = "ddim",
          .label = "DDIM",
          .help = "Good sprites in 15 to 50 steps, the same noise always giving the same sprite. Song et al. 2021",
          .params = {{.id = "eta",
                      .label = "Noise (η)",
                      .fallback = 0.0,
                      .max = 1,
                      .help = "Fresh noise at every step: 0 gives none, 1 as much as DDPM"}},
          .weights = ddim_weights};
}

}  // namespace kiln
