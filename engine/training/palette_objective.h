#pragma once

#include "engine/base/palette_head.h"
#include "engine/training/objective.h"

namespace kiln {

// Cross-entropy of each pixel's entry in a palette, with logits over the entries as the network's output (output_head.h); if the
// recipe says so, plus the squared distance of the expected colour from the pixel's, with the weights that Min-SNR has for x0. The
// target is [B, H, W] int64, or probabilities of all entries [B, O, H, W].
class PaletteObjective : public Objective {
 public:
  // Reads what Noising does, channels, palette_distance and min_snr_gamma.
  PaletteObjective(const ParamMap& recipe, ConditionGroups groups, const PaletteEntries& entries);

  int outputs(int) const override { return static_cast<int>(entries_.size(0)); }
  Example example_of(const at::Tensor& x, const NoisedSprites& sprites) const override;
  at::Tensor losses(Network& network, const Example& example) const override;

 private:
  at::Tensor entries_;  // [O, C]
  double distance_;     // its weight
  at::Tensor weights_;  // [T], of the distance
};

}  // namespace kiln
