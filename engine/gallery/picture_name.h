#pragma once

#include <string>

#include "engine/api/recipe_json.h"

namespace kiln {

// What a file of the picture is called, before a number and “.png”: "potion", "potion-sword"; of lower-case letters, digits, _
// and -, at most 40 of them. Without a class, of `fallback`.
std::string picture_stem(const PictureRecipe& picture, const std::string& fallback);

}  // namespace kiln
