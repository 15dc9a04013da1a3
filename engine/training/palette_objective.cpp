#include "engine/training/palette_objective.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <vector>

#include "engine/data/batches.h"
#include "engine/diffusion/output_head.h"
#include "engine/network/kernels/cross_entropy.h"
#include "engine/training/prediction_objective.h"
#include "engine/training/recipe_batches.h"

namespace kiln {

PaletteObjective::PaletteObjective(const ParamMap& recipe, ConditionGroups groups, const PaletteEntries& entries)
    : Objective(Noising(recipe, groups)),
      entries_(entries_tensor(entries, channels_of(recipe))),
      distance_(get_real(recipe, "palette_distance")) {
  std::vector<float> weights;
  for (const double snr : noising().signal_to_noise())
    weights.push_back(static_cast<float>(min_snr_weight(Prediction::kX0, snr, get_real(recipe, "min_snr_gamma"))));
  weights_ = at::tensor(weights);
}

Example PaletteObjective::example_of(const at::Tensor& x, const NoisedSprites& sprites) const {
  at::NoGradGuard no_grad;
  return {sprites.x_t, sprites.t, sprites.condition, nearest_entries(x, sent_to(entries_, x.device())),
          at_levels(weights_, sprites.timesteps, x.device())};
}

at::Tensor PaletteObjective::losses(Network& network, const Example& example) const {
  const at::Tensor logits = network.forward(example.x_t, example.t, example.condition);
  at::Tensor entropy = pixel_cross_entropy(logits, example.target);
  if (distance_ == 0) return entropy;
  const at::Tensor entries = entries_.to(logits.options());
  const at::Tensor expected = at::einsum("bohw,oc->bchw", {at::softmax(logits, 1), entries});
  const at::Tensor wanted = example.target.dim() == 4 ? at::einsum("bohw,oc->bchw", {example.target, entries})
                                                      : entries.index({example.target}).permute({0, 3, 1, 2});
  return entropy + (expected - wanted).square().mean({1, 2, 3}) * example.weight * distance_;
}

}  // namespace kiln
