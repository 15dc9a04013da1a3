#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/sprite_set.h"
#include "engine/quality/convnet.h"

namespace kiln {

// Tells the classes of a set's sprites apart. What it computes before its last layer are features that distances are taken of.
class SpriteClassifier {
 public:
  // For sprites of width × height in so many classes; not trained.
  SpriteClassifier(int width, int height, int classes);

  struct Answers {
    at::Tensor features;       // [N, D] fp32
    std::vector<int> classes;  // the most probable one of each
  };
  Answers look_at(const std::vector<Image>& images);

  ConvNet& net() { return net_; }
  // Share of sprites put aside from training that it gets right; NaN if there were none.
  double validation_accuracy = 0;

 private:
  ConvNet net_;
};

// Trains a classifier on nine tenths of a set, chosen with whole groups of duplicates, a batch a step, or reads it from a file
// where it was kept.
class ClassifierTraining {
 public:
  // cache: a folder for classifiers, each under the fingerprint of its set; empty: none is read or written. groups:
  // duplicate_groups.
  ClassifierTraining(const SpriteSet& set, const std::vector<int>& groups, std::filesystem::path cache);

  // False when the classifier is there.
  bool step();
  int done() const { return training_ ? training_->done() : 0; }
  int total() const { return training_ ? training_->total() : 1; }
  bool was_cached() const { return cached_; }

  std::unique_ptr<SpriteClassifier> take() { return std::move(classifier_); }

 private:
  bool load();
  void save() const;
  void measure();

  std::unique_ptr<SpriteClassifier> classifier_;
  std::filesystem::path file_;  // empty: none
  bool cached_ = false;
  std::vector<Image> validation_;
  std::vector<int> validation_classes_;
  std::unique_ptr<ConvNetTraining> training_;
};

}  // namespace kiln
