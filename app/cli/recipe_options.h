#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "engine/api/catalog.h"

namespace kiln {

// What is changed of a recipe on the command line.
struct RecipeTexts {
  std::vector<std::string> settings;  // key=value
  long long steps = 0;                // --steps; 0 if not given

  // Throws Failure(kInvalidArgument), naming the nearest known key.
  ParamMap overrides(const Catalog& catalog) const;
};

// --set.
void add_set_option(CLI::App& command, RecipeTexts& texts);
// --recipe and --set.
void add_recipe_options(CLI::App& command, std::string& recipe, RecipeTexts& texts, const Catalog& catalog);

}  // namespace kiln
