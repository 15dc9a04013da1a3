#pragma once

#include <cstddef>
#include <vector>

#include "engine/api/dataset.h"

namespace kiln {

// Groups of two or more sprites with equal pixels, each group in order, by their first sprite.
std::vector<std::vector<std::size_t>> equal_sprites(const std::vector<DatasetSprite>& sprites);

// The same of near copies, recolourings and mirror images among the sprites `members` of one size (as duplicate_groups sees them).
std::vector<std::vector<std::size_t>> near_sprites(const std::vector<DatasetSprite>& sprites, const std::vector<std::size_t>& members);

// The sprites of each size, by their places; the most frequent size first.
std::vector<std::vector<std::size_t>> sprites_by_size(const std::vector<DatasetSprite>& sprites);

}  // namespace kiln
