#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/sprite_set.h"

namespace kiln {

struct Split {
  std::vector<int> train;       // indices into SpriteSet::sprites, ascending
  std::vector<int> validation;  // never a near copy of a training sprite, but for those that the set itself puts aside
};

// Puts whole duplicate groups aside until each class has about `share` of its sprites in validation. A class keeps at least one
// group for training. Depends on `seed` and the set alone. share 0 gives no validation. groups: duplicate_groups(set), if known.
Split split_set(const SpriteSet& set, double share, std::uint64_t seed, std::vector<int> groups = {});

// The split that the set has: those held out are for validation; without any, none. Throws Failure(kInvalidArgument), naming it,
// for a class without a sprite that is left to train on.
std::optional<Split> split_of_set(const SpriteSet& set);

// That of the set, or if it has none split_set. Notes tell that the share is not used, and of near copies on both sides.
Split split_for_training(const SpriteSet& set, double share, std::uint64_t seed, std::vector<int> groups,
                         std::vector<std::string>& notes);

}  // namespace kiln
