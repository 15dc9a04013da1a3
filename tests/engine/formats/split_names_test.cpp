#include "engine/formats/split_names.h"

#include <doctest/doctest.h>

using namespace kiln;

TEST_CASE("parts of a split set are told by their names, and which of them are for measuring") {
  for (const char* name : {"val", "Valid", "validation_set", "test", "x_test", "Test2017", "testing", "eval", "holdout", "dev"}) {
    CAPTURE(name);
    CHECK((split_name(name) != SplitName::kNone));
    CHECK(is_for_measuring(name));
  }
  for (const char* name : {"train", "Training", "x_train", "train_images", "fold1", "split2", "unlabeled"}) {
    CAPTURE(name);
    CHECK((split_name(name) != SplitName::kNone));
    CHECK_FALSE(is_for_measuring(name));
  }
  for (const char* name : {"potion", "contest", "valley", "devil", "trainer", "tést", ""}) {
    CAPTURE(name);
    CHECK((split_name(name) == SplitName::kNone));
    CHECK_FALSE(is_for_measuring(name));
  }
}
