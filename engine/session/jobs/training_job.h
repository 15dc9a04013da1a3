#pragma once

#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <set>

#include "engine/session/job.h"
#include "engine/session/novelty_check.h"
#include "engine/session/outbox.h"
#include "engine/session/run_quality.h"
#include "engine/session/strip_drawer.h"
#include "engine/session/training_clock.h"
#include "engine/session/training_setup.h"
#include "engine/training/neighbours.h"

namespace kiln {

// A training run: first reads the data, then small pieces of training, and at some steps of a strip of samples; the last writes
// the model.
class TrainingJob : public Job {
 public:
  // stop_at: as in TrainerOptions; a run that ends there writes no model.
  // place: as in TrainingSetup; the first of several, which writes.
  TrainingJob(StartTraining command, Outbox& outbox, std::int64_t stop_at = 0, std::optional<ProcessPlace> place = {});
  bool step() override;
  Outcome cancel(CancelMode mode) override;
  Priority priority() const override { return Priority::kBackground; }
  JobThread thread() const override { return JobThread::kTraining; }
  void resumed() override { clock_.restart(); }

  // Throws Failure if the run has not begun, or cannot be changed so.
  void change(const ParamMap& changes);
  // Writes the model as it is now into the run's folder; returns its path. Throws Failure.
  std::string write_model_now();
  // The run's folder; empty before it has begun.
  const std::filesystem::path& run() const { return run_; }

 private:
  bool piece();  // what step() does, without its care for failures
  void begin();
  void show_progress();
  void report();
  void look_for_changes();
  void tell_change();
  void drop_late_changes();
  bool strip_is_due();
  void begin_strip();
  std::unique_ptr<StripDrawer> make_drawer(Model model, int columns, const NearestSprites* nearest, std::int64_t most_steps) const;
  void strip_piece();
  void find_qualities();
  bool novelty_is_due() const;
  void novelty_piece();
  void judge_novelty();
  bool quality_is_due() const;
  void quality_piece();
  void finish_quality();
  void rescue();
  bool finish_piece();
  Model finished_model() const;
  void write_model(Model model, std::vector<Image> thumbnails);
  double images_per_s() const { return clock_.steps_per_s() * trainer_->batch_size(); }
  double left_s() const;
  void train_piece();

  JobId job_;
  Outbox& outbox_;
  std::unique_ptr<TrainingSetup> setup_;
  std::unique_ptr<RunLock> lock_;
  std::unique_ptr<Trainer> trainer_;
  RunRecord record_;
  std::filesystem::path run_;
  TrainingClock clock_;
  std::chrono::steady_clock::time_point next_look_;  // for changes that are asked for in the run's folder
  std::unique_ptr<NearestSprites> nearest_;
  std::unique_ptr<StripDrawer> drawer_;  // of a strip, or at the end of thumbnails
  SampleStrip newest_strip_;
  std::int64_t failed_strip_ = -1;  // the step of the one that failed last
  std::int64_t strip_step_ = -1;    // that was drawn or found last
  std::filesystem::path cache_;     // of classifiers
  std::unique_ptr<RunQuality> quality_;
  std::int64_t quality_step_ = -1;  // of the evaluation that was begun or found last
  bool quality_failed_ = false;
  std::unique_ptr<NoveltyCheck> novelty_check_;
  std::int64_t novelty_step_ = -1;        // of the check that was begun last
  std::set<std::int64_t> novelty_known_;  // at these steps, as the metrics tell
  std::int64_t new_enough_step_ = -1;     // of the newest model that was: best.safetensors
  bool ended_by_novelty_ = false;
  double least_badness_ = std::numeric_limits<double>::infinity();
};

}  // namespace kiln
