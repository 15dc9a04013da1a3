#include "engine/training/objective.h"

#include <ATen/ATen.h>

#include "engine/data/batches.h"
#include "engine/training/palette_objective.h"
#include "engine/training/prediction_objective.h"

namespace kiln {

Example Objective::training_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed, std::int64_t step,
                                    const NetworkAnswers&) const {
  return example_of(x, noising_.of_step(x, classes, seed, step));
}

Example Objective::fixed_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed) const {
  return example_of(x, noising_.fixed(x, classes, seed));
}

at::Tensor Objective::loss_sum(Network& network, const Example& example) const { return losses(network, example).sum(); }

Example Example::on(c10::Device device) const {
  return {sent_to(x_t, device), sent_to(t, device), sent_to(condition, device), sent_to(target, device), sent_to(weight, device)};
}

Example Example::rows(std::int64_t first, std::int64_t count) const {
  return {x_t.narrow(0, first, count), t.narrow(0, first, count), condition.narrow(0, first, count), target.narrow(0, first, count),
          weight.narrow(0, first, count)};
}

std::unique_ptr<const Objective> make_objective(const ParamMap& recipe, ConditionGroups groups,
                                                const PaletteEntries& palette_head) {
  if (!palette_head.empty()) return std::make_unique<PaletteObjective>(recipe, groups, palette_head);
  return std::make_unique<PredictionObjective>(recipe, groups);
}

}  // namespace kiln
