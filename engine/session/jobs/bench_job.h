#pragma once

#include <memory>
#include <vector>

#include "engine/session/bench/bench_parts.h"
#include "engine/session/job.h"
#include "engine/session/model_cache.h"
#include "engine/session/outbox.h"

namespace kiln {

// Measures the machine, one turn of one entrant a step.
class BenchJob : public Job {
 public:
  BenchJob(MeasureSpeed command, ModelCache& models, Outbox& outbox);
  bool step() override;
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }

 private:
  void open_model();
  void make_parts();

  MeasureSpeed command_;
  ModelCache& models_;
  Outbox& outbox_;
  SharedModel model_;
  std::vector<BenchPart> parts_;
  std::size_t part_ = 0;
  int turn_ = 0;                   // of that part
  int turns_ = 0, all_turns_ = 0;  // of all parts
  BenchResults results_;
};

}  // namespace kiln
