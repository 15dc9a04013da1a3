#include <cmath>

#include "engine/diffusion/sampler.h"

namespace kiln {
namespace {

// Ho et al. 2020, eq. 7, with the betas that belong to the steps visited (Nichol & Dhariwal 2021, section 4). The variance is β̃ or
// β (Ho et al. 2020, section 3.2); the last step adds none.
std::vector<StepWeights> ddpm_weights(const std::vector<double>& alphas_bar, const ParamMap& params) {
  const bool posterior = get_text(params, "variance") == "posterior";
  std::vector<StepWeights> steps;
  for (std::size_t i = 0; i + 1 < alphas_bar.size(); ++i) {
    const double now = alphas_bar[i], next = alphas_bar[i + 1];
    const double alpha = now / next, beta = 1 - alpha;
    StepWeights step;
    step.x0 = std::sqrt(next) * beta / (1 - now);
    step.x_t = std::sqrt(alpha) * (1 - next) / (1 - now);
    if (next < 1) step.noise = std::sqrt(posterior ? (1 - next) / (1 - now) * beta : beta);
    steps.push_back(step);
  }
  return steps;
}

}  // namespace

Sampler ddpm_sampler() {
  return {.id = "ddpm",
          .label = "DDPM",
          .help = "The original sampler: fresh noise at every step, best with 50 steps and more. Ho et al. 2020",
          .params = {{.id = "variance",
                      .label = "Variance",
                      .fallback = "posterior",
                      .choices = {"posterior", "beta"},
                      .help = "How much noise a step adds: that of the posterior, or β, which is a little more"}},
          .weights = ddpm_weights};
}

}  // namespace kiln
