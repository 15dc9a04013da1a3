#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/base/palette_head.h"
#include "engine/base/param_spec.h"
#include "engine/data/batches.h"

namespace kiln {

// What `recipe` says about the sprites of a batch. `flip_classes`: those that the set itself says may be mirrored.
Augmentation augmentation_of(const ParamMap& recipe, const std::set<std::string>& flip_classes);
int channels_of(const ParamMap& recipe);

// The set as a run with this recipe sees it: for three channels over its background; without frames, where the network is not told
// them. Throws as over_background.
SpriteSet set_of_recipe(SpriteSet set, const ParamMap& recipe);

// The entries of the palette head that the recipe asks for: the set's own colours, if they are at most 256, no pixel is half
// transparent and the prediction is the usual one; or a number of them by k-means in OKLab, in a set with half-transparent pixels
// such ones too. None without such a head. Throws Failure(kInvalidArgument) for a value that is none.
PaletteEntries palette_head_of(const SpriteSet& set, const ParamMap& recipe);
// The set with every pixel as one of the entries; as it is if there are none.
SpriteSet in_palette(SpriteSet set, const PaletteEntries& entries);

// The batches of a run with this recipe on `members` of the set.
BatchSource recipe_batches(const SpriteSet& set, const std::vector<int>& members, const ParamMap& recipe,
                           const std::set<std::string>& flip_classes, std::uint64_t seed, c10::Device device = c10::kCPU);

}  // namespace kiln
