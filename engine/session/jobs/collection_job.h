#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "engine/data/preprocessing.h"
#include "engine/data/sprite_source.h"
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

// Read, then preprocessing: what all jobs on a set of sprites have in common.
class CollectionJob : public Job {
 public:
  CollectionJob(JobId job, SpriteSource source, Preprocessing preprocessing, Outbox& outbox)
      : job_(job),
        outbox_(outbox),
        progress_(job, 3, outbox),
        source_(std::move(source)),
        preprocessing_(std::move(preprocessing)) {}

  bool step() final {
    switch (stage_) {
      case Stage::kOpen:
        before_reading();
        reader_ = open_sprite_source(source_);
        return go_on_with(Stage::kRead);
      case Stage::kRead:
        if (show_step(*reader_)) return true;
        collection_ = reader_->take();
        reader_.reset();
        preprocessing_work_.emplace(collection_, preprocessing_);
        return go_on_with(Stage::kPreprocessing);
      case Stage::kPreprocessing:
        if (show_step(*preprocessing_work_)) return true;
        preprocessing_work_.reset();
        after_preprocessing();
        return go_on_with(Stage::kOwn);
      case Stage::kOwn:
        return own_step();
    }
    return false;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  Priority priority() const override { return Priority::kUtility; }
  void resumed() override { progress_.restart(); }

 protected:
  virtual void before_reading() {}
  virtual void after_preprocessing() = 0;
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
  enum class Stage { kOpen, kRead, kPreprocessing, kOwn };
  bool go_on_with(Stage stage) {
    if (stage_ != Stage::kOpen) progress_.next_stage();
    stage_ = stage;
    return true;
  }

  Preprocessing preprocessing_;
  Stage stage_ = Stage::kOpen;
  std::unique_ptr<SpriteReader> reader_;
  std::optional<PreprocessingWork> preprocessing_work_;
};

}  // namespace kiln
