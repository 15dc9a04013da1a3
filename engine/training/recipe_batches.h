#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/base/param_spec.h"
#include "engine/data/batches.h"

namespace kiln {

// What `recipe` says about the sprites of a batch. `flip_classes`: those that the set itself says may be mirrored.
Augmentation augmentation_of(const ParamMap& recipe, const std::set<std::string>& flip_classes);
int channels_of(const ParamMap& recipe);

// The set as a run with this recipe sees it: for three channels over its background. Throws as over_background.
SpriteSet set_of_recipe(SpriteSet set, const ParamMap& recipe);

// The colours of the palette head that the recipe asks for: the set's own, if they are at most 256, no pixel is half
// transparent and the prediction is the usual one; or a number of them by k-means in OKLab. None without such a head. Throws
// Failure(kInvalidArgument) for a value that is none.
Palette head_palette_of(const SpriteSet& set, const ParamMap& recipe);
// The set with every pixel opaque in one of the palette's colours, or transparent; as it is if the palette is empty.
SpriteSet in_palette(SpriteSet set, const Palette& palette);

// The batches of a run with this recipe on `members` of the set.
BatchSource recipe_batches(const SpriteSet& set, const std::vector<int>& members, const ParamMap& recipe,
                           const std::set<std::string>& flip_classes, std::uint64_t seed, c10::Device device = c10::kCPU);

}  // namespace kiln
