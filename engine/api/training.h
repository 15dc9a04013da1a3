#pragma once

#include <cstdint>
#include <string>

#include "engine/base/param_spec.h"

namespace kiln {

struct TrainRequest {
  std::string data;     // a folder of class folders
  std::string out;      // the model file to write
  std::string run;      // folder for checkpoints and metrics; empty: `out` with `.run` in place of its ending
  std::string init;     // a model file to start from, or empty
  std::string recipe;   // a preset's id or a JSON file; empty: "standard"
  ParamMap overrides;   // over the recipe
  bool resume = false;  // go on from the newest good checkpoint in `run`
  std::string credits;  // for the model file
  std::string licence;
  std::string device = "auto";
  int threads = 0;
};

// One line of a run's metrics. Losses that were not measured at this step are NaN.
struct TrainMetrics {
  std::int64_t step = 0;
  std::int64_t total = 0;
  double loss = 0;            // mean since the last line
  double smoothed_loss = 0;   // exponentially smoothed
  double validation_loss = 0; // EMA weights, fixed noise
  double train_eval_loss = 0; // EMA weights, fixed noise, on training sprites
  double learning_rate = 0;
  double gradient_norm = 0;
  double images_per_s = 0;
  double left_s = -1;
};

}  // namespace kiln
