#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/api/sampling.h"

namespace kiln {

// The file among `candidates` whose SHA-256 is the recipe's, those of its model's name looked at first. Throws
// Failure(kNotFound), saying which model it was and whether another one of that name is there.
std::string find_model(const SpriteRecipe& recipe, const std::vector<std::string>& candidates);

// All *.safetensors in `folders`, in the order given. Folders that cannot be read are passed over.
std::vector<std::string> models_in(const std::vector<std::filesystem::path>& folders);

}  // namespace kiln
