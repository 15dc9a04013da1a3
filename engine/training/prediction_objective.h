#pragma once

#include "engine/diffusion/prediction.h"
#include "engine/training/objective.h"

namespace kiln {

// The weight of a squared error at one noise level, min(SNR, γ) as Min-SNR (Hang et al. 2023) has it for each prediction; 1 without
// γ.
double min_snr_weight(Prediction prediction, double snr, double gamma);

// A weighted mean squared error of ε, v or x0 (Ho et al. 2020; Salimans & Ho 2022), weighted by Min-SNR. The target is [B, C, H,
// W].
class PredictionObjective : public Objective {
 public:
  // Reads schedule, prediction, legacy_noise, p_uncond and min_snr_gamma.
  PredictionObjective(const ParamMap& recipe, ConditionGroups groups);

  int outputs(int channels) const override { return channels; }
  Example example_of(const at::Tensor& x, const NoisedSprites& sprites) const override;
  at::Tensor losses(Network& network, const Example& example) const override;

 private:
  Prediction prediction_;
  at::Tensor weights_;  // [T]
};

}  // namespace kiln
