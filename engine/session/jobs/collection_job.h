#pragma once

#include <optional>
#include <utility>

#include "engine/data/collection_reader.h"
#include "engine/session/job.h"
#include "engine/session/outbox.h"
#include "engine/session/rate.h"

namespace kiln {

// Progress over the stages of a job, each of which counts in its own units.
class StageProgress {
 public:
  StageProgress(JobId job, int stages, Outbox& outbox) : job_(job), stages_(stages), outbox_(outbox) {}
  void next_stage() { ++stage_; }
  void show(std::int64_t done, std::int64_t total) {
    const std::int64_t part = total > 0 ? done * kParts / total : 0;
    Progress progress = rate_.progress(job_, stage_ * kParts + part, stages_ * kParts);
    progress.steps_per_s = 0;  // parts of stages: nothing that a person counts
    outbox_.show(progress);
  }
  void restart() { rate_.restart(); }

 private:
  static constexpr std::int64_t kParts = 1000;
  JobId job_;
  std::int64_t stage_ = 0;
  int stages_;
  Outbox& outbox_;
  Rate rate_;
};

// First the set is read: what all jobs on one have in common.
class CollectionJob : public Job {
 public:
  CollectionJob(JobId job, SpriteSource source, Preprocessing preprocessing, Outbox& outbox)
      : job_(job),
        outbox_(outbox),
        progress_(job, 2, outbox),
        source_(std::move(source)),
        preprocessing_(std::move(preprocessing)) {}

  bool step() final {
    if (is_read_) return own_step();
    if (!reader_) {
      before_reading();
      reader_.emplace(source_, std::move(preprocessing_));
      return true;
    }
    if (show_step(*reader_)) return true;
    collection_ = reader_->take();
    reader_.reset();
    is_read_ = true;
    after_reading();
    progress_.next_stage();
    return true;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  Priority priority() const override { return Priority::kUtility; }
  void resumed() override { progress_.restart(); }

 protected:
  virtual void before_reading() {}
  virtual void after_reading() = 0;
  virtual bool own_step() = 0;

  template <class Work>
  bool show_step(Work& work) {
    const bool more = work.step();
    progress_.show(work.done(), work.total());
    return more;
  }

  JobId job_;
  Outbox& outbox_;
  StageProgress progress_;
  SpriteSource source_;
  SpriteCollection collection_;

 private:
  Preprocessing preprocessing_;
  std::optional<CollectionReader> reader_;
  bool is_read_ = false;
};

}  // namespace kiln
