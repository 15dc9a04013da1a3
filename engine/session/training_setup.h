#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/api/training.h"
#include "engine/data/collection_reader.h"
#include "engine/data/duplicates.h"
#include "engine/data/sprite_set.h"
#include "engine/data/stepped_work.h"
#include "engine/inference/make_denoiser.h"
#include "engine/training/run_folder.h"
#include "engine/training/run_record.h"
#include "engine/training/trainer.h"

namespace kiln {

// From a request to a trainer that can begin, in small steps: reads the sprites, fixes them, makes the network.
class TrainingSetup {
 public:
  // writes: the run's folder will be written, and is locked from the first step on. stop_at: as in TrainerOptions. place: among the
  // processes that train together, which meet before the trainer is made; started again after a failure they go on from the run's
  // last checkpoint. None: this one alone.
  TrainingSetup(TrainRequest request, bool writes, std::int64_t stop_at = 0, std::optional<ProcessPlace> place = {});

  // False when the trainer is there. Throws Failure for anything in the request that cannot be used.
  bool step();
  std::int64_t done() const { return done_; }
  std::int64_t total() const { return total_; }

  // Once it is there.
  std::unique_ptr<Trainer> take_trainer() { return std::move(trainer_); }
  std::unique_ptr<RunLock> take_lock() { return std::move(lock_); }
  const RunRecord& record() const { return record_; }
  const std::filesystem::path& run() const { return run_; }
  bool resumed() const { return request_.resume; }
  const std::string& cache() const { return request_.cache; }

 private:
  enum class Stage { kOpen, kRead, kCopies, kTrainer, kDone };

  void open();
  void take_data_of(const std::filesystem::path& run);
  void look_for_copies(SpriteCollection collection);
  void make_trainer();
  Teacher teacher_for(const ParamMap& recipe);
  ParamMap recipe() const;
  void take_share_of_machine();
  template <class Work>
  bool work_on(Work& work);

  TrainRequest request_;
  bool writes_;
  std::int64_t stop_at_;
  std::optional<ProcessPlace> place_;
  Stage stage_ = Stage::kOpen;
  std::int64_t done_ = 0, total_ = 0;
  DenoiserOptions compute_;
  std::filesystem::path run_;
  RunRecord record_;
  std::optional<FoundCheckpoint> checkpoint_;
  std::unique_ptr<RunLock> lock_;
  std::optional<CollectionReader> reader_;
  std::set<std::string> flip_classes_;
  SpriteSet set_;
  std::unique_ptr<DuplicateSearch> copies_;
  SteppedWork search_;
  std::unique_ptr<Trainer> trainer_;
};

// What the trainer's run is at `step`. images_per_s: measured, or 0.
TrainPlan plan_of(const Trainer& trainer, const std::filesystem::path& run, std::int64_t step, double images_per_s);

}  // namespace kiln
