#pragma once

#include <vector>

#include "engine/data/sprite_set.h"

namespace kiln {

// A group number for each sprite: copies, near copies, recolourings, and any of these mirrored, share one. Of the pixels where
// either sprite is opaque, at most a tenth may differ visibly; for a recolouring, at most a tenth may break the one-to-one
// relation between the colours of both, and only drawings of few colours are compared so. Groups are transitive; numbers are dense, in order of first appearance.
std::vector<int> duplicate_groups(const SpriteSet& set);

}  // namespace kiln
