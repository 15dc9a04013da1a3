#include "engine/session/run_quality.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/api/evaluation.h"
#include "engine/api/sampling.h"
#include "engine/session/frame_classes.h"

namespace kiln {
namespace {

double mean_of(const Measured& measured) { return measured.empty() ? TrainMetrics::kNotMeasured : measured.mean(); }

}  // namespace

RunQuality::RunQuality(std::shared_ptr<const Model> model, const SpriteSet& set, int threads, const std::filesystem::path& cache) {
  const ParamMap best = known_params(model_sampling_specs(), model->facts.sampling);
  const ParamMap values = validated(with_fallbacks(evaluation_specs(), best), {}, "evaluation");
  EvaluationOptions options;
  for (const auto& [name, frame] : frame_classes(*model)) options.model_classes.push_back(name);
  options.draws = 1;
  options.threads = threads;
  options.cache = cache;
  SampleSettings settings;
  settings.sampler.clear();
  settings.shared_params = known_params(sampling_specs(), values);
  settings.shared_params["threads"] = std::int64_t{threads};
  SpriteSet judged = with_frames_as_classes(set, *model);
  std::erase_if(judged.sprites, [](const LabelledSprite& sprite) { return sprite.held_out; });
  sampler_ = std::make_unique<EvaluationSampler>(std::move(model), "", std::move(settings));
  evaluation_ = std::make_unique<ModelEvaluation>(std::move(judged), std::nullopt, *sampler_, std::move(options));
}

void RunQuality::take(TrainMetrics& metrics) {
  const EvaluationResult result = evaluation_->take();
  const auto compared = std::find_if(result.comparisons.begin(), result.comparisons.end(), [](const Comparison& comparison) {
    return comparison.samples == "generated" && comparison.reference == "half";
  });
  if (compared != result.comparisons.end()) {
    metrics.frechet = mean_of(compared->frechet);
    metrics.class_accuracy = mean_of(compared->class_accuracy);
    metrics.told_apart = mean_of(compared->told_apart);
  }
  const auto novelty = std::find_if(result.novelty.begin(), result.novelty.end(),
                                    [](const NoveltySummary& summary) { return summary.set == "generated"; });
  if (novelty != result.novelty.end()) metrics.near_copies = mean_of(novelty->near);
}

double badness(const TrainMetrics& metrics, const std::string& best_by) {
  if (best_by == "frechet") return metrics.frechet;
  if (best_by == "told_apart") return std::abs(metrics.told_apart - 0.5);
  if (best_by == "class_accuracy") return -metrics.class_accuracy;
  return TrainMetrics::kNotMeasured;  // the loss, which the trainer looks after
}

}  // namespace kiln
