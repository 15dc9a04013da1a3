#pragma once

#include <cstdint>
#include <vector>

#include "engine/api/training.h"
#include "engine/data/sprite_set.h"

namespace kiln {

// Finds the training sprite that is most like a sample.
class NearestSprites {
 public:
  // Keeps the sprites `members` of `set`, which must outlive this.
  NearestSprites(const SpriteSet& set, const std::vector<int>& members);

  // By the root mean square of the differences over premultiplied red, green and blue, and alpha, each 0 … 1; the first of several
  // at the same distance.
  Neighbour nearest(const Image& sample) const;

 private:
  const SpriteSet& set_;
  const std::vector<int> members_;
  std::vector<std::uint16_t> values_;  // of each member: H * W * 4, premultiplied, in 1/65025
};

}  // namespace kiln
