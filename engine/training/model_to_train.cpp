#include "engine/training/model_to_train.h"

#include <torch/utils.h>

#include "engine/data/counter_random.h"
#include "engine/network/weight_drawing.h"
#include "engine/training/distillation_objective.h"
#include "engine/training/recipe.h"
#include "engine/training/recipe_batches.h"

namespace kiln {
namespace {

constexpr std::uint64_t kWeights = 100;  // a stream of random numbers that nothing else of a training reads

ParamMap network_params_of(const ParamMap& recipe) {
  ParamMap params;
  const NetworkKind& kind = find_network(get_text(recipe, "network"));
  for (const auto& spec : kind.params) params[spec.id] = recipe.at(recipe_key(kind, spec));
  return params;
}

}  // namespace

Model model_to_train(const ParamMap& recipe, int width, int height, const std::vector<std::string>& classes,
                     const PaletteEntries& palette_head, const std::vector<int>& frames) {
  const int channels = channels_of(recipe);
  const auto objective = make_objective(recipe, static_cast<int>(classes.size()), palette_head);
  const bool distilled = get_bool(recipe, "distill");
  const auto lock = lock_weight_drawing();
  torch::manual_seed(CounterRandom(get_seed(recipe, "seed"), kWeights, 0).next());
  Model model = make_model(get_text(recipe, "network"), network_params_of(recipe),
                           {.width = width,
                            .height = height,
                            .channels = channels,
                            .outputs = objective->outputs(channels),
                            .labels = get_bool(recipe, "augmentation_labels") && !distilled ? kAugmentationLabels : 0,
                            .distilled = distilled},
                           classes, frames);
  if (distilled) model.few_steps = kMostFewSteps;
  model.diffusion = diffusion_of(recipe);
  if (!palette_head.empty()) {
    model.palette_head = palette_head;
    model.diffusion.prediction = Prediction::kX0;
  }
  return model;
}

}  // namespace kiln
