#pragma once

#include <cstdint>
#include <vector>

#include "engine/data/sprite_set.h"

namespace kiln {

struct Split {
  std::vector<int> train;       // indices into SpriteSet::sprites, ascending
  std::vector<int> validation;  // never a near copy of a training sprite
};

// Puts whole duplicate groups aside until each class has about `share` of its sprites in validation. A class keeps at least one
// group for training. Depends on `seed` and the set alone. share 0 gives no validation. groups: duplicate_groups(set), if known.
Split split_set(const SpriteSet& set, double share, std::uint64_t seed, std::vector<int> groups = {});

}  // namespace kiln
