#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/api/training.h"
#include "engine/data/sprite_set.h"
#include "engine/network/model.h"
#include "engine/quality/model_evaluation.h"
#include "engine/session/evaluation_sampler.h"

namespace kiln {

// How good the sprites are that a run's model draws at one step, beside those that it is trained on: one draw of an evaluation
// with the settings at which the model's sprites come out best, always from the same seeds.
class RunQuality {
 public:
  // cache: of classifiers; empty: none. Throws Failure as ModelEvaluation does.
  RunQuality(std::shared_ptr<const Model> model, const SpriteSet& set, int threads, const std::filesystem::path& cache);

  bool step() { return evaluation_->step(); }  // false when nothing is left
  // Once, at the end: Fréchet distance, class accuracy, told apart and near copies of `metrics`.
  void take(TrainMetrics& metrics);

 private:
  std::unique_ptr<EvaluationSampler> sampler_;
  std::unique_ptr<ModelEvaluation> evaluation_;
};

// The number that `best_by` of a recipe names, so that less is better; NaN where it was not measured, and for the loss.
double badness(const TrainMetrics& metrics, const std::string& best_by);

}  // namespace kiln
