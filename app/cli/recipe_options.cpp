#include "app/cli/recipe_options.h"

#include <CLI/Option.hpp>

#include "engine/base/error.h"

namespace kiln {

ParamMap RecipeTexts::overrides(const Catalog& catalog) const {
  ParamMap overrides;
  const auto set = [&](const std::string& key, const std::string& text) {
    overrides[key] = parse_param(find_spec(catalog.recipe, key, "recipe"), text, "recipe");
  };
  for (const auto& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos)
      throw Failure(ErrorCode::kInvalidArgument, "“" + setting + "” is not key=value", "write --set learning_rate=0.001");
    set(setting.substr(0, equals), setting.substr(equals + 1));
  }
  if (steps != 0) set("steps", std::to_string(steps));
  return overrides;
}

void add_set_option(CLI::App& command, RecipeTexts& texts) {
  command.add_option("--set", texts.settings, "A recipe value as key=value; may be given often")->allow_extra_args(false);
}

void add_recipe_options(CLI::App& command, std::string& recipe, RecipeTexts& texts, const Catalog& catalog) {
  std::string presets;
  for (const auto& preset : catalog.recipes) presets += preset.id + " | ";
  command.add_option("--recipe", recipe, "A recipe, or a JSON file with one (standard)")->type_name(presets + "FILE.json");
  add_set_option(command, texts);
}

}  // namespace kiln
