#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/sampling.h"

namespace kiln {

// As `sample --json` prints it and PNGs hold it. from_json throws nlohmann::json::exception, and Failure(kInvalidArgument) for
// values out of range; a sampler's own parameters are checked by who has its specs.
void to_json(nlohmann::json& out, const SpriteRecipe& recipe);
void from_json(const nlohmann::json& in, SpriteRecipe& recipe);

// The same as a flat list, for programs that show properties of a sprite: parameters by their ids, mixes as “potion=1,sword=0.5”,
// files by their paths. Empty for a sprite that no model made.
ParamMap recipe_properties(const SpriteRecipe& recipe);

// What a picture of generated sprites says of them: how to make each again, and where it lies.
struct PictureRecipe {
  std::vector<SpriteRecipe> sprites;  // in rows from the upper left
  int columns = 1;
  int padding = 0;              // transparent pixels between sprites, before it was enlarged
  int scale = 1;                // whole-number enlargement
  ParamMap sheet = {};          // what else of sheet_specs() is not as by default
  std::vector<int> cells = {};  // in rows: which sprite lies there, below 0: none; empty: as they come
};

inline constexpr std::size_t kMostRecipeBytes = std::size_t{4} << 20;  // of the text

// JSON, the same text for the same recipes. Throws nothing.
std::string recipe_text(const PictureRecipe& picture);

// `name` is what errors call the file. Throws Failure: kCorrupt (not as this program writes it, numbers out of range), kUnsupported
// (a later version's).
PictureRecipe parse_recipe_text(std::string_view text, std::string_view name);

}  // namespace kiln
