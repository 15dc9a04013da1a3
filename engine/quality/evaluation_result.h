#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/base/image.h"
#include "engine/quality/novelty.h"

namespace kiln {

// A number that was measured several times: on several draws, subsets or folds.
class Measured {
 public:
  void add(double value) {
    if (std::isfinite(value)) values_.push_back(value);
  }
  void add(const std::vector<double>& values) {
    for (const double value : values) add(value);
  }
  bool empty() const { return values_.empty(); }
  std::size_t count() const { return values_.size(); }
  double mean() const;       // NaN if empty
  double deviation() const;  // standard deviation of a sample; 0 of fewer than two

 private:
  std::vector<double> values_;
};

// One set of sprites beside a reference; what was not measured is empty.
struct Comparison {
  std::string samples, reference;  // "generated", "drawn", "held-out"; "all", "half"
  int sample_count = 0, reference_count = 0;
  Measured frechet, kernel, precision, recall;
  Measured coverage;        // mean of the classes'
  Measured class_accuracy;  // share of samples that the classifier takes for what they are to be
  Measured told_apart;
};

// PixelStatistics of a set.
struct PixelSummary {
  std::string set;
  Measured colours;          // median
  Measured colour_distance;  // Wasserstein-1 of the numbers of colours, to the data's
  Measured entropy, off_palette, half_transparent, spots, strays, outline;  // means
  Measured symmetric;                                                       // share
};

// How near a set's sprites are to the training sprites.
struct NoveltySummary {
  std::string set, against;
  Measured distance, differing;     // medians
  Measured fifth_percentile;        // of the distance
  Measured exact, near, suspected;  // shares: no pixel differs; at most a twentieth; nearer than the threshold
  std::int64_t exact_count = 0, near_count = 0, suspected_count = 0;  // of all draws together
};

// A generated sprite that is nearer to a training sprite than 95 of 100 sprites are that the model never saw.
struct Suspect {
  Image sprite, training;
  std::string file;  // of the training sprite
  std::string class_name;
  std::uint64_t seed = 0;
  NearestMatch match;
};

struct ClassResult {
  std::string name;
  int sprites = 0;  // in the data
  Measured accuracy, coverage;
};

struct ClassSamples {
  std::string name;
  std::vector<Image> sprites;
};

struct EvaluationResult {
  int width = 0, height = 0, sprites = 0, heldout = 0, count = 0, draws = 0;  // count: generated a draw
  std::string features;                                                       // what distances are taken of
  double validation_accuracy = std::numeric_limits<double>::quiet_NaN();      // of the classifier, on a tenth it was not trained on
  double heldout_accuracy = std::numeric_limits<double>::quiet_NaN();
  std::vector<Comparison> comparisons;
  std::vector<PixelSummary> pixels;     // generated, data, held-out
  std::vector<NoveltySummary> novelty;  // generated; then what it is judged by
  double threshold = 0;                 // of suspicion: the fifth percentile of the latter's distance
  std::vector<Suspect> suspects;        // the nearest first
  std::vector<ClassResult> classes;
  std::vector<std::string> notes;

  // For a picture.
  std::vector<ClassSamples> samples;
  std::vector<double> generated_colours, data_colours, generated_distances, judged_by_distances;
};

}  // namespace kiln
