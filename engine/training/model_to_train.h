#pragma once

#include <string>
#include <vector>

#include "engine/base/param_spec.h"
#include "engine/network/model.h"

namespace kiln {

// A model as a whole recipe wants it for sprites of that size, with random weights that depend on the recipe's seed alone. frames:
// of each class's animation, or none.
Model model_to_train(const ParamMap& recipe, int width, int height, const std::vector<std::string>& classes,
                     const PaletteEntries& palette_head = {}, const std::vector<int>& frames = {});

}  // namespace kiln
