#pragma once

#include <string>

namespace kiln {

enum class SplitName {
  kNone,
  kWeak,  // "fold1", "dev", "unlabeled": a part of a split set if another one lies beside it
  kSplit  // "train", "Validation", "test_set", "x_train", "holdout"
};

// What the name says of a folder or class: a part of a set that was split for somebody's training?
SplitName split_name(const std::string& name);

// Whether it is such a part that was meant to be measured on, not trained on: "val", "x_test", "dev", "holdout".
bool is_for_measuring(const std::string& name);

}  // namespace kiln
