#include <cmath>

#include "engine/diffusion/sampler.h"

namespace kiln {
namespace {

// λ of Lu et al. 2022: half the logarithm of the signal-to-noise ratio. -∞ at ᾱ = 0.
double half_log_snr(double alpha_bar) { return 0.5 * std::log(alpha_bar / (1 - alpha_bar)); }

// DPM-Solver++(2M), Lu et al. 2022 (DPM-Solver++), algorithm 2, midpoint form. The first step has no step before it and the last
// ends where λ is infinite: both are of first order. α_t (e^{-h} - 1) is written as α_s σ_t / σ_s - α_t, finite at ᾱ = 0 as well.
std::vector<StepWeights> dpmpp_2m_weights(const std::vector<double>& alphas_bar, const ParamMap&) {
  std::vector<StepWeights> steps;
  for (std::size_t i = 0; i + 1 < alphas_bar.size(); ++i) {
    const double now = alphas_bar[i], next = alphas_bar[i + 1];
    StepWeights step;
    step.x_t = std::sqrt((1 - next) / (1 - now));
    const double data = std::sqrt(next) - std::sqrt(now) * step.x_t;
    double extrapolation = 0;  // 1 / (2 r_0)
    if (i > 0 && next < 1) {
      const double h = half_log_snr(next) - half_log_snr(now);
      const double h_before = half_log_snr(now) - half_log_snr(alphas_bar[i - 1]);
      extrapolation = 0.5 * h / h_before;
    }
    step.x0 = data * (1 + extrapolation);
    step.previous_x0 = -data * extrapolation;
    steps.push_back(step);
  }
  return steps;
}

}  // namespace

Sampler dpmpp_2m_sampler() {
  return {.id = "dpmpp_2m",
          .label = "DPM-Solver++ 2M",
          .help = "Second order, so 10 to 25 steps are enough; adds no noise. Lu et al. 2022",
          .params = {},
          .weights = dpmpp_2m_weights};
}

}  // namespace kiln
