#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiln {

// What a network's output means: ε, the noise (Ho et al. 2020); v = √ᾱ · ε - √(1-ᾱ) · x_0 (Salimans & Ho 2022); x_0, the sprite.
enum class Prediction { kEpsilon, kV, kX0 };

Prediction parse_prediction(std::string_view name);  // "eps", "v", "x0"; throws Failure(kInvalidArgument)
std::string_view to_string(Prediction prediction);
const std::vector<std::string>& prediction_names();

// How noise grows over the T steps; the formulas are make_schedule's (engine/diffusion/schedule.h).
enum class ScheduleKind { kLinear, kScaledLinear, kCosine, kSigmoid };

ScheduleKind parse_schedule_kind(std::string_view name);  // "linear", "scaled_linear" …; throws Failure(kInvalidArgument)
std::string_view to_string(ScheduleKind kind);
const std::vector<std::string>& schedule_kind_names();

struct ScheduleConfig {
  ScheduleKind kind = ScheduleKind::kCosine;
  int length = 1000;         // T
  double beta_start = 1e-4;  // β of the first and of the last step, for linear and scaled_linear
  double beta_end = 0.02;
  bool zero_terminal_snr = false;  // the last step is pure noise (Lin et al. 2023)

  friend bool operator==(const ScheduleConfig&, const ScheduleConfig&) = default;
};

// How a model's noise and its output are to be read.
struct DiffusionConfig {
  ScheduleConfig schedule;
  Prediction prediction = Prediction::kV;
  bool legacy_noise = false;  // trained with noise scaled by 1-ᾱ in place of √(1-ᾱ); training goes on so

  friend bool operator==(const DiffusionConfig&, const DiffusionConfig&) = default;
};

}  // namespace kiln
