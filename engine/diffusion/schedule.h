#pragma once

#include <vector>

#include "engine/base/diffusion_config.h"

namespace kiln {

// A discrete noise schedule in double precision. x_t = √ᾱ_t · x_0 + √(1-ᾱ_t) · ε.
struct NoiseSchedule {
  std::vector<double> betas;       // [T]
  std::vector<double> alphas_bar;  // [T], ᾱ_t = Π (1-β)

  int length() const { return static_cast<int>(betas.size()); }
};

// linear and scaled_linear: Ho et al. 2020, Rombach et al. 2022 (betas linear in √β). cosine: Nichol & Dhariwal 2021, eq. 17,
// s = 0.008, β ≤ 0.999. sigmoid: Jabri et al. 2022, start -3, end 3, τ = 1. zero_terminal_snr: Lin et al. 2023, algorithm 1.
// Throws Failure(kInvalidArgument) for numbers that make no schedule.
NoiseSchedule make_schedule(const ScheduleConfig& config);

// The posterior variance β̃_t = (1-ᾱ_{t-1}) / (1-ᾱ_t) · β_t (Ho et al. 2020, eq. 7), 0 at t = 0.
std::vector<double> posterior_variance(const NoiseSchedule& schedule);

}  // namespace kiln
