#pragma once

#include <vector>

#include "engine/api/training.h"
#include "engine/data/sprite_set.h"

namespace kiln {

// Finds the training sprite that is most like a sample.
class NearestSprites {
 public:
  // Of the sprites `members` of `set`, which must outlive this.
  NearestSprites(const SpriteSet& set, const std::vector<int>& members);

  // By the root mean square of the differences over premultiplied red, green and blue, and alpha, each 0 … 1; the first of several
  // at the same distance.
  Neighbour nearest(const Image& sample) const;

 private:
  const SpriteSet& set_;
  const std::vector<int> members_;
};

}  // namespace kiln
