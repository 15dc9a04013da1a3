#pragma once

#include <filesystem>
#include <memory>

#include "engine/session/job.h"
#include "engine/session/outbox.h"
#include "engine/session/rate.h"
#include "engine/training/trainer.h"

namespace kiln {

// A training run: the first step reads the data, each other one is a small piece of training; the last writes the model.
class TrainingJob : public Job {
 public:
  TrainingJob(StartTraining command, Outbox& outbox);
  bool step() override;
  Outcome cancel(CancelMode mode) override;
  bool interactive() const override { return false; }
  void resumed() override { rate_.restart(); }

 private:
  void begin();
  void report();
  void write_model();

  StartTraining command_;
  Outbox& outbox_;
  std::unique_ptr<Trainer> trainer_;
  std::filesystem::path run_;
  Rate rate_;
  Progress newest_;
};

}  // namespace kiln
