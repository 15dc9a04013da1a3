#include "engine/training/palette_objective.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <vector>

#include "engine/diffusion/output_head.h"
#include "engine/training/prediction_objective.h"
#include "engine/training/recipe_batches.h"

namespace kiln {
namespace {

// The entry [B, H, W] that each pixel of x [B, C, H, W] is nearest to, one sprite at a time: the distances to all are many numbers.
at::Tensor entries_of(const at::Tensor& x, const at::Tensor& entries) {
  const at::Tensor turned = entries.t(), squares = entries.square().sum(1);
  std::vector<at::Tensor> indices;
  for (const at::Tensor& sprite : x.unbind(0)) {
    const at::Tensor pixels = sprite.flatten(1).t();  // [H · W, C]
    indices.push_back(at::addmm(squares, pixels, turned, 1, -2).argmin(1).view({x.size(2), x.size(3)}));
  }
  return at::stack(indices);
}

}  // namespace

PaletteObjective::PaletteObjective(const ParamMap& recipe, int classes, const PaletteEntries& entries)
    : Objective(Noising(recipe, classes)),
      entries_(entries_tensor(entries, channels_of(recipe))),
      distance_(get_real(recipe, "palette_distance")) {
  std::vector<float> weights;
  for (const double snr : noising().signal_to_noise())
    weights.push_back(static_cast<float>(min_snr_weight(Prediction::kX0, snr, get_real(recipe, "min_snr_gamma"))));
  weights_ = at::tensor(weights);
}

Example PaletteObjective::example_of(const at::Tensor& x, const NoisedSprites& sprites) const {
  at::NoGradGuard no_grad;
  return {sprites.x_t, sprites.t, sprites.condition, entries_of(x, entries_.to(x.options())),
          at_levels(weights_, sprites.timesteps, x.device())};
}

at::Tensor PaletteObjective::losses(Network& network, const Example& example) const {
  const at::Tensor logits = network.forward(example.x_t, example.t, example.condition);
  at::Tensor entropy = at::cross_entropy_loss(logits, example.target, {}, at::Reduction::None).mean({1, 2});
  if (distance_ == 0) return entropy;
  const at::Tensor entries = entries_.to(logits.options());
  const at::Tensor expected = at::einsum("bohw,oc->bchw", {at::softmax(logits, 1), entries});
  const at::Tensor wanted = example.target.dim() == 4 ? at::einsum("bohw,oc->bchw", {example.target, entries})
                                                      : entries.index({example.target}).permute({0, 3, 1, 2});
  return entropy + (expected - wanted).square().mean({1, 2, 3}) * example.weight * distance_;
}

}  // namespace kiln
