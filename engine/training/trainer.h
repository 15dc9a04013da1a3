#pragma once

#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/training.h"
#include "engine/base/param_spec.h"
#include "engine/data/batches.h"
#include "engine/data/split.h"
#include "engine/data/sprite_set.h"
#include "engine/network/model.h"
#include "engine/training/checkpoint.h"
#include "engine/training/distillation_objective.h"
#include "engine/training/gradient_sum.h"
#include "engine/training/gradient_workers.h"
#include "engine/training/measuring.h"
#include "engine/training/objective.h"
#include "engine/training/process_group.h"

namespace kiln {

struct TrainerOptions {
  ParamMap recipe;  // whole; of a resumed run: over the recipe that it began with, and may hold a few keys only
  SpriteSet set;
  std::vector<int> groups;                // its duplicate_groups(), if known
  std::set<std::string> flip_classes;     // that may be mirrored, beside the recipe's
  std::filesystem::path run;              // empty: nothing is written
  std::string data_json;                  // kept in checkpoints
  std::string init;                       // a model to start from, or empty
  Teacher teacher;                        // of a recipe that distils one
  std::optional<FoundCheckpoint> resume;  // to go on from
  std::int64_t stop_at = 0;  // end at this step, measured and with a checkpoint, as if interrupted there; 0: at the last
  std::string credits, licence;
  c10::Device device = c10::kCPU;
  int threads = 1;  // compute threads on the CPU; another number than a resumed run had ends in other bytes
  std::shared_ptr<ProcessGroup> group = {};  // of the processes that train together, each its rows of every batch; or null
};

// The recipe that a trainer with these options follows. Throws Failure for one that is none.
ParamMap recipe_to_follow(const TrainerOptions& options);
// The entries of its palette head, if it has one: those that the run began with, or the teacher's, or as the recipe says of the
// set.
PaletteEntries palette_head_to_follow(const TrainerOptions& options, const SpriteSet& set, const ParamMap& recipe);

constexpr int kNoiseBins = 8;  // of TrainMetrics::loss_by_noise

// One training run, in small pieces of work, so that whoever drives it can do something else between any two.
class Trainer {
 public:
  // Makes or loads the network; nothing is written before the first advance(). Throws Failure for recipes that do not suit the
  // data.
  explicit Trainer(TrainerOptions options);

  enum class Work { kTraining, kMeasuring, kSaving, kNone };
  // What advance() would do next.
  Work next_work() const;
  // Between two steps, with all measured and saved that is due.
  bool at_boundary() const { return phase_ == Phase::kDone || (phase_ == Phase::kGradient && rows_done_ == 0); }

  // Does one piece: part of a step's gradient, an update of the weights, part of a measurement, or a checkpoint. True while there
  // is more to do. Throws Failure; after that the last checkpoint is intact, and rescue() is the only call left.
  bool advance();
  // Writes a checkpoint of the last whole step, if there is one worth going on from: not of weights that diverge, nor of those that
  // were half updated.
  void rescue() {
    if (sound_ && state_.step > 0) checkpoint();
  }

  // Of several processes: does the step under way to its end, after which all of them stop; of one alone, nothing.
  void stop();

  // Changes recipe parameters that are live from the next step on, writes a checkpoint that knows it, and measures a line that
  // tells of it. Of several processes one is told; all of them change at the end of the same step, the one under way. A shorter
  // run ends at the step where it is. Throws Failure(kInvalidArgument) for other keys and bad values; then nothing has changed.
  void change(const ParamMap& changes);

  std::int64_t step() const { return state_.step; }
  std::int64_t total() const { return total_; }
  int batch_size() const { return batch_size_; }
  int threads() const { return options_.threads; }
  int world_size() const { return options_.group ? options_.group->size() : 1; }  // processes that train together
  const ParamMap& recipe() const { return options_.recipe; }
  std::int64_t parameters() const { return state_.weights.numel(); }
  WeightType weight_type() const {  // of the finished model's file
    return get_text(options_.recipe, "weights") == "f16" ? WeightType::kFloat16 : WeightType::kFloat32;
  }
  c10::Device device() const { return options_.device; }
  const SpriteSet& set() const { return options_.set; }
  const Split& split() const { return split_; }
  const std::vector<std::string>& notes() const { return notes_; }  // worth telling once, at the start
  // Whether the step that was done last is still to be measured.
  bool measurement_pending() const { return measurement_due() && state_.measured != state_.step; }
  // Lines since the last call.
  std::vector<TrainMetrics> take_measurements() { return std::exchange(measurements_, {}); }

  // A model with the EMA weights as they are now, without thumbnails.
  Model model() const;
  // Writes a checkpoint now.
  void checkpoint();

 private:
  enum class Phase { kGradient, kUpdate, kMeasure, kCheckpoint, kDone };

  // How fast rows are computed, whatever others do meanwhile.
  struct Pace {
    using Clock = std::chrono::steady_clock;
    std::int64_t rows = 0;
    std::chrono::duration<double> time{};
    double images_per_s() const { return time.count() > 0 ? static_cast<double>(rows) / time.count() : 0; }
  };

  void take_recipe();
  void start_fresh();
  void move_to_device();
  void resume_from(TrainingState state);
  std::int64_t end() const;      // the step to end at
  Phase next_phase() const;      // between two steps, with nothing to save
  double learning_rate() const;  // of the next step
  std::vector<std::int64_t> next_cuts() const;
  std::int64_t rows_a_piece() const;
  std::int64_t first_row_of(int process) const;
  void sum_over_processes(at::Tensor& statistics);
  void check_agreement();
  void take_changes(const ParamMap& changes);
  void tell_hosts();
  void gradient_piece();
  void update();
  void end_step(double rate);
  void update_statistics(const at::Tensor& statistics, double ema_decay);
  bool measurement_due() const;  // after the step that was done last
  void measure_piece();
  void finish_measurement();
  TrainMetrics& new_line();  // of this step, with nothing measured yet
  // The loss since the last line as a new one.
  TrainMetrics& end_line(double rate);
  void keep_if_best(double loss);
  std::shared_ptr<Network> new_network() const;
  std::unique_ptr<const Objective> new_objective();

  TrainerOptions options_;
  Split split_;
  Model prototype_;  // its network is not trained; the workers' are
  int batch_size_ = 0;
  std::int64_t total_ = 0;
  std::uint64_t seed_ = 0;
  std::vector<std::string> notes_;
  std::unique_ptr<BatchSource> batches_;
  std::unique_ptr<const Objective> objective_;
  std::unique_ptr<GradientSum> gradient_sum_;  // of several processes
  std::unique_ptr<GradientWorkers> workers_, ema_workers_;
  std::unique_ptr<FlatParameters> layout_;  // of the prototype: names and shapes in the flat vectors
  at::Tensor decay_mask_;
  TrainingState state_;
  bool first_checkpoint_ = true;  // it replaces those that an earlier run left
  bool sound_ = true;             // state_ is that of a whole step, and finite

  Phase phase_ = Phase::kGradient;
  Example example_;                        // of the step under way
  std::int64_t first_row_ = 0, rows_ = 0;  // of each batch, this process's
  std::int64_t rows_done_ = 0;             // of them
  bool stop_wanted_ = false, stopping_ = false;
  ParamMap wanted_changes_, agreed_changes_;  // asked of this process; of one of them, to be made at the end of the step
  Pace pace_;                                 // of this process since the last line
  std::vector<double> rank_images_per_s_;     // of all of them after the last step
  at::Tensor step_loss_;                      // summed over its sprites so far, on the device
  double gradient_norm_ = std::numeric_limits<double>::quiet_NaN();
  std::unique_ptr<LossMeasurement> measurement_;
  std::vector<TrainMetrics> measurements_;
};

}  // namespace kiln
