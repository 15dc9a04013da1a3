#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/api/dataset.h"
#include "engine/base/image.h"
#include "engine/base/param_spec.h"

namespace kiln {

struct TrainRequest {
  SpriteSource source;
  Preprocessing preprocessing;  // done to the sprites before training
  std::string data_of;          // another run's folder, whose source and preprocessing are taken in place of these; or empty
  std::string out;              // the model file to write
  std::string run;              // folder for checkpoints and metrics; empty: `out` with `.run` in place of its ending
  std::string init;             // a model file to start from, or empty
  std::string recipe;           // a preset's id or a JSON file; empty: "standard"
  ParamMap overrides;           // over the recipe
  bool resume = false;  // go on from the newest good checkpoint in `run`; source, preprocessing and recipe are the run's own
  std::string credits;  // for the model file
  std::string licence;
  std::string device = "auto";   // auto cpu cuda
  int threads = 0;               // compute threads on the CPU; 0 lets the engine choose
  std::string cache = {};        // folder of the classifiers that judge what the model draws; empty: none is kept
  std::string backend = "auto";  // of several processes: auto gloo nccl
  int process_timeout_s = 600;   // how long they wait for one that does not answer
  friend bool operator==(const TrainRequest&, const TrainRequest&) = default;
};

// A random search with successive halving over parameters of a recipe.
struct SweepRequest {
  TrainRequest train;  // what all trials share. `run` is the sweep's folder; empty: `out` with `.sweep` in place of its ending
  std::vector<std::string> vary;  // "learning_rate=1e-4..1e-3", "width=32,48,64"
  int trials = 8;
  std::int64_t budget = 10000;  // steps of all trials together, about
  std::uint64_t seed = 0;       // of what is tried
};

// What a run will be, known before its first step.
struct TrainPlan {
  std::string run;              // its folder
  ParamMap recipe;              // whole
  std::int64_t parameters = 0;  // of the network
  int width = 0, height = 0;    // of a sprite
  std::vector<std::string> classes;
  int sprites = 0, validation = 0;  // trained on; only measured on
  std::int64_t step = 0, total = 0;
  double images_per_s = 0;  // measured on this machine; 0 where it was not
  double left_s = -1;       // to `total` at that rate
};

// One line of a run's metrics. What was not measured at this step is NaN.
struct TrainMetrics {
  static constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

  std::int64_t step = 0;
  std::int64_t total = 0;
  double loss = kNotMeasured;             // mean over sprites since the last line
  double smoothed_loss = kNotMeasured;    // exponentially smoothed
  double train_eval_loss = kNotMeasured;  // EMA weights, fixed noise, on training sprites
  double validation_loss = kNotMeasured;  // the same on those that are only measured on
  double learning_rate = kNotMeasured;
  double gradient_norm = kNotMeasured;
  double images_per_s = kNotMeasured;
  double left_s = kNotMeasured;     // from a sliding window of this run; pauses and saves not counted
  double memory_mb = kNotMeasured;  // of the whole program, resident
  double epoch = kNotMeasured;      // how often each training sprite was shown so far, on average
  // Of sprites that the model draws, beside the drawn ones (evaluate): the Fréchet distance; the shares that a classifier takes for
  // what they are to be, that a network tells from drawn ones, and that are near copies of training sprites.
  double frechet = kNotMeasured, class_accuracy = kNotMeasured, told_apart = kNotMeasured, near_copies = kNotMeasured;
  double novelty = kNotMeasured;      // of samples, beside that of the training sprites: 1 as new as these to each other, 0 copies
  std::vector<double> loss_by_noise;  // train_eval_loss by noise level, from least to most noise; empty where not measured
  int world_size = 1;                 // processes that train together
  // Of each of several processes, by rank: how fast it computes its share, without its waits for the others; and the host that it
  // runs on, told once at each start. Else empty.
  std::vector<double> rank_images_per_s;
  std::vector<std::string> hosts;
  ParamMap changes;  // of the recipe, made while it ran: from this step on. Else empty
};

// One number of TrainMetrics, declared once: its key in metrics.jsonl, its curve in the window and its place in what the command
// line prints follow.
struct MetricInfo {
  enum class Curve {
    kLine,
    kFaint,  // unsmoothed: in the colour of the metric before, faint
    kDots,   // measured seldom: with a dot at each value
  };

  std::string id;  // JSON key
  std::string label;
  double TrainMetrics::*value;
  std::string unit = {};
  int decimals = -1;      // printed by the command line with so many; -1: not printed
  std::string plot = {};  // the plot that it is drawn in; "": none
  Curve curve = Curve::kLine;
};

// In the order to show them. The plots are in the order of their first metrics.
const std::vector<MetricInfo>& train_metrics();

// "validation 0.0834", "411.2 sprites/s".
std::string metric_text(const MetricInfo& info, double value);

// A sample beside the sprite of the training set that is most like it.
struct Neighbour {
  std::string file;  // of the training sprite
  Image image;
  double distance = 0;  // root mean square over premultiplied colour and alpha, 0 (the same pixels) … 1
};

// What the EMA weights drew at one step, always from the same seeds: `columns` sprites of each class, class by class.
struct SampleStrip {
  std::int64_t step = 0;
  int columns = 0;
  std::vector<std::string> classes;
  std::vector<Image> sprites;         // classes × columns
  std::vector<Neighbour> neighbours;  // of each sprite
};

enum class RunState { kRunning, kStopped, kFinished };

// "running", "stopped", "finished".
const char* run_state_name(RunState state);

// A run's folder, for a list of them.
struct RunInfo {
  std::string path;
  std::string name;  // the folder's
  RunState state = RunState::kStopped;
  std::int64_t step = 0, total = 0;
  double validation_loss = 0;  // the newest; NaN while there is none
  std::string data;            // where its sprites came from
  std::string model;           // the file that it wrote or will write; may not be there yet
  std::int64_t changed = 0;    // seconds since 1970, of its newest file
  bool writable = false;       // whether a change of the run under way can be asked for (ChangeRun)
};

}  // namespace kiln
