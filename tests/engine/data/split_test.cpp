#include "engine/data/split.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "engine/data/duplicates.h"
#include "tests/engine/data/support.h"
#include "tests/support/errors.h"

using namespace kiln;
using namespace kiln::test;

namespace {

// 40, 30 and 12 sprites; every third is a mirrored or recoloured copy of the one before.
SpriteSet set_with_copies() {
  std::vector<std::pair<int, Image>> sprites;
  std::uint64_t number = 0;
  for (const auto& [index, count] : {std::pair{0, 40}, {1, 30}, {2, 12}}) {
    for (int i = 0; i < count; ++i) {
      if (i % 3 != 2) ++number;
      const Image image = drawing(number, number, i % 3 == 2 && i % 2 ? 1 : 0);
      sprites.emplace_back(index, i % 3 == 2 ? mirrored(image) : image);
    }
  }
  return set_of({"a", "b", "c"}, std::move(sprites));
}

std::vector<int> per_class(const SpriteSet& set, const std::vector<int>& members) {
  std::vector<int> counts(set.classes.size(), 0);
  for (const int i : members) ++counts[static_cast<std::size_t>(set.sprites[static_cast<std::size_t>(i)].class_index)];
  return counts;
}

}  // namespace

TEST_CASE("both sides together are the set, and no copy is on both") {
  const SpriteSet set = set_with_copies();
  const auto groups = duplicate_groups(set);
  REQUIRE(*std::max_element(groups.begin(), groups.end()) + 1 < static_cast<int>(groups.size()) * 3 / 4);
  for (const std::uint64_t seed : {0, 1, 2, 3}) {
    const Split split = split_set(set, 0.25, seed);
    std::vector<int> all = split.train;
    all.insert(all.end(), split.validation.begin(), split.validation.end());
    CHECK(std::is_sorted(split.train.begin(), split.train.end()));
    CHECK(std::is_sorted(split.validation.begin(), split.validation.end()));
    std::sort(all.begin(), all.end());
    REQUIRE(all.size() == set.sprites.size());
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == static_cast<int>(i));
    std::set<int> trained;
    for (const int i : split.train) trained.insert(groups[static_cast<std::size_t>(i)]);
    for (const int i : split.validation) CHECK_FALSE(trained.contains(groups[static_cast<std::size_t>(i)]));
  }
}

TEST_CASE("each class gives about its share") {
  const SpriteSet set = set_with_copies();
  for (const double share : {0.1, 0.25, 0.5}) {
    CAPTURE(share);
    const auto validation = per_class(set, split_set(set, share, 7).validation);
    const int sizes[] = {40, 30, 12};
    for (std::size_t c = 0; c < 3; ++c) {
      CHECK(std::abs(validation[c] - share * sizes[c]) <= 1.5);
      CHECK(validation[c] >= 1);
    }
  }
  CHECK(split_set(set, 0, 7).validation.empty());
  CHECK(split_set(set, 0, 7).train.size() == set.sprites.size());
}

TEST_CASE("the same seed splits the same way, another one otherwise") {
  const SpriteSet set = set_with_copies();
  CHECK(split_set(set, 0.25, 1).validation == split_set(set, 0.25, 1).validation);
  CHECK(split_set(set, 0.25, 1).validation != split_set(set, 0.25, 2).validation);
}

TEST_CASE("every class keeps sprites to train on") {
  std::vector<std::pair<int, Image>> sprites;
  for (int i = 0; i < 4; ++i) sprites.emplace_back(0, drawing(1, 1, i % 3));  // all copies of one
  sprites.emplace_back(1, drawing(2, 2));                                     // a single one
  sprites.emplace_back(2, drawing(3, 3));
  sprites.emplace_back(2, drawing(4, 4));
  const SpriteSet set = set_of({"copies", "single", "pair"}, std::move(sprites));
  for (const std::uint64_t seed : {0, 1, 2, 3, 4}) {
    CHECK(per_class(set, split_set(set, 0.5, seed).train) == std::vector<int>{4, 1, 1});
    for (const int left : per_class(set, split_set(set, 1.0, seed).train)) CHECK(left >= 1);
  }
}

TEST_CASE("sprites that the set puts aside are the validation split, whatever the share and the seed") {
  SpriteSet set = set_with_copies();
  CHECK_FALSE(split_of_set(set));
  std::vector<std::string> notes;
  CHECK(split_for_training(set, 0.25, 3, {}, notes).validation == split_set(set, 0.25, 3).validation);
  CHECK(notes.empty());

  const std::vector<int> aside = {1, 4, 41, 77};
  for (const int i : aside) set.sprites[static_cast<std::size_t>(i)].held_out = true;
  for (const double share : {0.0, 0.25}) {
    const Split split = split_for_training(set, share, 3, {}, notes);
    CHECK(split.validation == aside);
    CHECK(split.train.size() == set.sprites.size() - aside.size());
    for (const int i : aside) CHECK_FALSE(std::binary_search(split.train.begin(), split.train.end(), i));
  }
  // Sprite 2 is a copy of 1: it is told. Here nothing is a copy of another.
  REQUIRE(notes.size() == 4);
  CHECK(notes[0].find("the 4 sprites that are put aside") == 0);
  CHECK(notes[1].find("near copies") != std::string::npos);
  notes.clear();
  std::vector<int> alone(set.sprites.size());
  for (std::size_t i = 0; i < alone.size(); ++i) alone[i] = static_cast<int>(i);
  split_for_training(set, 0.25, 3, alone, notes);
  CHECK(notes.size() == 1);
}

TEST_CASE("a class of which nothing is left to train on is refused by its name") {
  SpriteSet set = set_of({"elf", "orc"}, {{0, drawing(1, 1)}, {0, drawing(2, 2)}, {1, drawing(3, 3)}});
  set.sprites[2].held_out = true;
  const Error error = error_of([&] { split_of_set(set); });
  CHECK(error.code == ErrorCode::kInvalidArgument);
  CHECK(error.message.find("“orc”") != std::string::npos);
}
