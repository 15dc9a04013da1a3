#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/image.h"

namespace kiln {

// Sprites with all that comparisons ask of them.
struct FeaturedSet {
  std::vector<Image> images;
  std::vector<int> classes;    // of each
  std::vector<int> groups;     // of each; near copies share one
  std::vector<int> predicted;  // classes, by the classifier
  at::Tensor features;         // [N, D]

  std::size_t size() const { return images.size(); }
  FeaturedSet select(const std::vector<std::int64_t>& members) const;
};

// Finds for each of `wanted` a sprite of the same class, none twice, chosen by the seed. Pairs of places in wanted and `classes`,
// as long as there are any left.
std::vector<std::pair<std::int64_t, std::int64_t>> matched_by_class(const std::vector<int>& wanted, const std::vector<int>& classes,
                                                                    std::uint64_t seed);

}  // namespace kiln
