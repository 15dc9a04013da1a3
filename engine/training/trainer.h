#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/param_spec.h"
#include "engine/data/batches.h"
#include "engine/data/split.h"
#include "engine/data/sprite_set.h"
#include "engine/network/model.h"
#include "engine/training/checkpoint.h"
#include "engine/training/gradient_workers.h"
#include "engine/training/objective.h"

namespace kiln {

struct TrainerOptions {
  ParamMap recipe;  // whole
  std::string data;
  std::filesystem::path run;
  std::string init;  // a model to start from, or empty
  bool resume = false;
  ParamMap changes;  // on resume: over the recipe that the run began with
  std::string credits, licence;
  int threads = 1;
};

// What was measured at one step; losses that were not are NaN.
struct Measurements {
  std::int64_t step = 0;
  double loss = 0;             // mean over sprites since the last line
  double smoothed_loss = 0;
  double validation_loss = 0;  // EMA weights, fixed noise
  double training_loss = 0;    // likewise, on training sprites
  double learning_rate = 0;
  double gradient_norm = 0;
};

// One training run, in small pieces of work, so that whoever drives it can do something else between any two.
class Trainer {
 public:
  // Reads the data, makes or loads the network, and with `resume` goes on where the newest good checkpoint in `run` ends.
  explicit Trainer(TrainerOptions options);

  // Does one piece: part of a step's gradient, an update of the weights, part of a measurement, or a checkpoint. True while there
  // is more to do. Throws Failure; after that the last checkpoint is intact.
  bool advance();

  std::int64_t step() const { return state_.step; }
  std::int64_t total() const { return total_; }
  int batch_size() const { return batch_size_; }
  WeightType weight_type() const;  // of the finished model's file
  const SpriteSet& set() const { return set_; }
  const Split& split() const { return split_; }
  const std::vector<std::string>& notes() const { return notes_; }  // worth telling once, at the start
  // Lines since the last call.
  std::vector<Measurements> take_measurements() { return std::exchange(measurements_, {}); }

  // A model with the EMA weights as they are now, without thumbnails.
  Model model() const;
  // Writes a checkpoint now.
  void checkpoint();

 private:
  enum class Phase { kGradient, kUpdate, kMeasure, kCheckpoint, kDone };

  void start_fresh();
  void resume_from(TrainingState state);
  void gradient_piece();
  void update();
  bool measurement_due() const;  // after the step that was done last
  void measure_piece();
  std::shared_ptr<Network> new_network() const;
  double measured_piece(const Example& example, std::int64_t first);

  TrainerOptions options_;
  SpriteSet set_;
  Split split_;
  Model prototype_;  // its network is not trained; the workers' are
  int batch_size_;
  std::int64_t total_;
  std::uint64_t seed_;
  std::vector<std::string> notes_;
  std::unique_ptr<BatchSource> batches_;
  std::unique_ptr<Objective> objective_;
  std::unique_ptr<GradientWorkers> workers_, ema_workers_;
  std::unique_ptr<FlatParameters> layout_;  // of the prototype: names and shapes in the flat vectors
  at::Tensor decay_mask_;
  TrainingState state_;
  bool first_checkpoint_ = true;  // it replaces those that an earlier run left

  Phase phase_ = Phase::kGradient;
  Example example_;         // of the step under way
  std::int64_t rows_done_ = 0;
  double step_loss_ = 0;
  double loss_since_line_ = 0, gradient_norm_ = std::numeric_limits<double>::quiet_NaN();
  std::int64_t steps_since_line_ = 0;
  Example validation_example_, training_example_;  // fixed
  double validation_sum_ = 0, training_sum_ = 0;
  std::vector<Measurements> measurements_;
};

}  // namespace kiln
