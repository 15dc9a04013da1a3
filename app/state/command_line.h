#pragma once

#include <string>
#include <vector>

#include "engine/api/catalog.h"
#include "engine/api/sampling.h"

namespace kiln {

// A command that makes this sprite again, to the byte on the same machine, and writes it to `out`. What is as it is by itself is
// left out.
std::string command_line(const SpriteRecipe& recipe, const std::string& model_path, const Catalog& catalog, const std::string& out);

// Why no command makes it again, or "": it was stopped early, or a class has a name that no option can tell.
std::string why_no_command(const SpriteRecipe& recipe, int total);

// The recipe in lines for a person: "seed 12\nclass potion\n…".
std::string recipe_lines(const SpriteRecipe& recipe, const Catalog& catalog);

// One argument as a shell takes it, in quotes where it must be.
std::string shell_quoted(const std::string& argument);

}  // namespace kiln
