#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/image.h"
#include "engine/quality/convnet.h"

namespace kiln {

// One side of the question whether two sets of sprites can be told apart.
struct Side {
  std::vector<Image> images;
  std::vector<int> groups;  // of each; those with one number are never both trained on and asked about
};

// Trains a convolutional network for each of a few folds to tell two sides apart, and asks it about the sprites of that fold: 0.5
// if they cannot be told apart, 1 if always (a classifier two-sample test, Lopez-Paz & Oquab 2017). The network sees beside each
// pixel by how much it differs from its right and lower neighbour, two grey levels at full scale, so that noise as small as one
// level shows; and its first two layers work at full resolution.
class Discriminator {
 public:
  Discriminator(const Side& a, const Side& b, int folds, std::uint64_t seed, int threads);
  ~Discriminator();

  // A batch of every fold, each on a thread of its own; false when all are trained and asked.
  bool step();
  int done() const { return done_; }
  int total() const { return steps_; }

  // Of each fold, the mean over both sides of the share that is told right. Folds in which a side has no sprite are left out.
  std::vector<double> accuracies() const;

 private:
  struct Fold;
  std::vector<std::unique_ptr<Fold>> folds_;
  int threads_, steps_ = 0, done_ = 0;
};

// [N, 12, H, W]: pictures [N, 4, H, W] in [-1, 1] with the differences to the right and lower neighbours.
at::Tensor with_differences(const at::Tensor& pictures);

}  // namespace kiln
