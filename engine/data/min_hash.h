#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/image.h"

namespace kiln {

// What near copies mostly share: sprites of which one key at the same place is equal are candidates. MinHash (Broder 1997, “On the
// resemblance and containment of documents”) of three sets of a sprite's properties, cut into bands (Indyk & Motwani 1998,
// “Approximate nearest neighbors”): which pixels are opaque; their coarse colours; where neighbours differ in colour, which a
// recolouring keeps. Two sets with a share s of their union in common have one of n keys in common with probability 1 - (1 - s⁴)ⁿ.
struct MinHashKeys {
  static constexpr std::size_t kOutline = 6, kColours = 8, kEdges = 6, kAll = kOutline + kColours + kEdges;
  std::array<std::uint32_t, kAll> keys;
};

MinHashKeys min_hash_keys(const Image& image, bool mirrored);

}  // namespace kiln
