#pragma once

#include <string>
#include <vector>

#include "engine/base/diffusion_config.h"
#include "engine/base/param_spec.h"
#include "engine/network/model.h"

namespace kiln {

struct RecipePreset {
  std::string id;
  std::string label;
  std::string help;
  ParamMap values;          // over the defaults
  bool needs_init = false;  // is for going on with a model
};

// Every parameter of a training run: data, network, diffusion, optimisation, and how it is watched.
const std::vector<ParamSpec>& recipe_specs();

// The recipe's key for a network's parameter: its id, or where the recipe or an earlier network has one of that id, "network.id".
std::string recipe_key(const NetworkKind& kind, const ParamSpec& param);

// What “palette” may be, beside a number of colours.
inline constexpr const char* kNoPalette = "off";
inline constexpr const char* kOwnPalette = "auto";

// What “best_by” is where the trainer itself knows the number.
inline constexpr const char* kBestByLoss = "loss";

// Whether a run looks how new its samples are, and ends where it begins to know its sprites by heart.
bool ends_by_novelty(const ParamMap& recipe);

// The recipes that come with the program, in the order to show them.
const std::vector<RecipePreset>& recipe_presets();

// A whole recipe: the preset or JSON file `name` ("" is "standard"), then `overrides`. Throws Failure for an unknown preset,
// an unreadable file, unknown keys, values of the wrong type or out of range.
ParamMap make_recipe(const std::string& name, const ParamMap& overrides);

// The recipe's schedule, prediction and noise.
DiffusionConfig diffusion_of(const ParamMap& recipe);

// What a run that starts from `model` has to share with it: the parameters that are of_model, of its network.
ParamMap recipe_of(const Model& model);

std::string recipe_to_json(const ParamMap& recipe);

// Throws Failure(kCorrupt) if it is not a flat JSON object.
ParamMap recipe_from_json(const std::string& json, const std::string& name);

}  // namespace kiln
