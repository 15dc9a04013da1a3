#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/image.h"

namespace kiln {

// Makes sprites to be judged, in small steps.
class SpriteSampler {
 public:
  virtual ~SpriteSampler() = default;

  // One sprite of each of `classes`, which may repeat; "": of no class. The first has the seed `seed`, the next ones count up.
  virtual void begin(const std::vector<std::string>& classes, std::uint64_t seed) = 0;
  virtual void step() = 0;
  virtual std::size_t steps() const = 0;  // from begin() on
  virtual std::vector<Image> take() = 0;  // after them
};

}  // namespace kiln
