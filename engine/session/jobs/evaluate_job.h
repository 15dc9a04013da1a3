#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/data/collection_reader.h"
#include "engine/inference/make_denoiser.h"
#include "engine/network/model.h"
#include "engine/quality/model_evaluation.h"
#include "engine/quality/sprite_sampler.h"
#include "engine/session/evaluation_shards.h"
#include "engine/session/job.h"
#include "engine/session/outbox.h"

namespace kiln {

// Reads the data and the held-out sprites, then has the model's sprites made and judged, a little a step.
class EvaluateJob : public Job {
 public:
  EvaluateJob(EvaluateModel command, Outbox& outbox);
  bool step() override;
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  Priority priority() const override { return Priority::kBackground; }
  JobThread thread() const override { return JobThread::kTraining; }

 private:
  enum class Stage { kOpen, kReadData, kReadHeldOut, kEvaluate };

  void open();
  void take_settings();
  void take_data_of_run();
  void take_what_was_put_aside();
  SpriteSet take_set(const SpriteSource& source);
  void begin();
  std::unique_ptr<SpriteSampler> make_sampler();
  void keep_shard();
  void report();

  JobId job_;
  EvaluateRequest request_;
  Outbox& outbox_;
  Stage stage_ = Stage::kOpen;
  ParamMap values_;                     // of evaluation_specs(), whole
  std::shared_ptr<const Model> model_;  // its own: other threads sample with theirs
  DenoiserOptions compute_;
  std::optional<CollectionReader> reader_;
  SpriteSet data_;
  std::optional<SpriteSet> heldout_;
  std::vector<EvaluationShard> shards_;  // to be merged
  std::unique_ptr<SpriteSampler> sampler_;
  std::unique_ptr<ModelEvaluation> evaluation_;
};

}  // namespace kiln
