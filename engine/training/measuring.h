#pragma once

#include <cstdint>
#include <vector>

#include "engine/data/split.h"
#include "engine/data/sprite_set.h"
#include "engine/training/gradient_workers.h"
#include "engine/training/objective.h"

namespace kiln {

// The losses of some validation sprites, and of some that are trained on, with fixed noise at all noise levels: always the
// same sprites, at most 256 of each kind and at least 64 rows, for which one is taken several times. Measured in pieces.
class LossMeasurement {
 public:
  LossMeasurement(const Objective& objective, const SpriteSet& set, const Split& split, int channels, c10::Device device);

  bool begun() const { return done_ > 0; }
  // Takes up to `rows` more of each kind; true while there are more.
  bool advance(GradientWorkers& workers, std::int64_t rows);
  // Begins anew.
  void clear();

  double validation_loss() const;  // NaN where there is no validation split
  double training_loss() const;
  // The training loss in `bins` equal parts of the time, the least noise first; NaN where there are none.
  std::vector<double> training_loss_by_noise(int bins) const;

 private:
  struct Kind {
    Example example;          // on the device; empty if there are no such sprites
    std::vector<float> time;  // of its rows
    std::vector<double> losses;
  };
  static Kind kind_of(const Objective& objective, const SpriteSet& set, const std::vector<int>& members, int channels,
                      c10::Device device);

  const Objective& objective_;
  Kind validation_, training_;
  std::int64_t done_ = 0;
};

}  // namespace kiln
