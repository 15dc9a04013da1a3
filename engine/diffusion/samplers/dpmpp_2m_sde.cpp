#include <cmath>

#include "engine/diffusion/sampler.h"

namespace kiln {
namespace {

double half_log_snr(double alpha_bar) { return 0.5 * std::log(alpha_bar / (1 - alpha_bar)); }

// DPM-Solver++ for the diffusion SDE, second order multistep (Lu et al. 2022, DPM-Solver++, appendix E), midpoint form. With
// e^{-h} = α_s σ_t / (σ_s α_t) all weights are finite at ᾱ = 0 as well; the first step and the last are of first order.
std::vector<StepWeights> dpmpp_2m_sde_weights(const std::vector<double>& alphas_bar, const ParamMap&) {
  std::vector<StepWeights> steps;
  for (std::size_t i = 0; i + 1 < alphas_bar.size(); ++i) {
    const double now = alphas_bar[i], next = alphas_bar[i + 1];
    const double sigma_ratio = std::sqrt((1 - next) / (1 - now)), decay = std::sqrt(now / next) * sigma_ratio;
    const double data = std::sqrt(next) * (1 - decay * decay);
    double extrapolation = 0;  // 1 / (2 r_0)
    if (i > 0 && next < 1) {
      const double h = half_log_snr(next) - half_log_snr(now);
      const double h_before = half_log_snr(now) - half_log_snr(alphas_bar[i - 1]);
      extrapolation = 0.5 * h / h_before;
    }
    steps.push_back({.x_t = sigma_ratio * decay,
                     .x0 = data * (1 + extrapolation),
                     .previous_x0 = -data * extrapolation,
                     .noise = std::sqrt((1 - next) * (1 - decay * decay))});
  }
  return steps;
}

}  // namespace

Sampler dpmpp_2m_sde_sampler() {
  return {.id = "dpmpp_2m_sde",
          .label = "DPM-Solver++ 2M SDE",
          .help = "Second order with fresh noise at every step: more varied than without, from 20 steps on. Lu et al. 2022",
          .params = {},
          .weights = dpmpp_2m_sde_weights};
}

}  // namespace kiln
