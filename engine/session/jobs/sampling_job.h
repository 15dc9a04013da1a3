#pragma once

#include <memory>

#include "engine/session/job.h"
#include "engine/session/model_cache.h"
#include "engine/session/outbox.h"
#include "engine/session/rate.h"
#include "engine/session/sampling_run.h"

namespace kiln {

// A run from noise to sprites: the first step opens the model, each other one denoises once.
class SamplingJob : public Job {
 public:
  SamplingJob(StartSampling command, ModelCache& models, Outbox& outbox);
  bool step() override;
  Outcome cancel(CancelMode mode) override;
  void resumed() override { rate_.restart(); }

 private:
  // Shows the pictures that have come; `wait`: all that were asked for.
  void show_frames(bool wait);

  StartSampling command_;
  ModelCache& models_;
  Outbox& outbox_;
  std::unique_ptr<SamplingRun> run_;
  Rate rate_;
};

}  // namespace kiln
