#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/api/catalog.h"
#include "engine/api/training.h"

namespace kiln {

// What the Train tab remembers.
struct TrainSettings {
  std::string recipe = "quick";               // one of Catalog::recipes
  std::map<std::string, ParamMap> overrides;  // by recipe: what the artist set over it
  std::string init;                           // the model to go on with, for recipes that need one
  std::string unfinished;                     // folder of the run that was under way when the window was last closed
  bool log_loss = false;                      // the plot of losses has a logarithmic scale
  friend bool operator==(const TrainSettings&, const TrainSettings&) = default;
};

const RecipeInfo* find_recipe(const Catalog& catalog, const std::string& id);

// Every value made fit for this catalog: an unknown recipe becomes the first one, unknown or impossible values are dropped.
void fit_to(TrainSettings& settings, const Catalog& catalog);

// The whole recipe: the defaults, the chosen recipe's values over them, the artist's over those.
ParamMap whole_recipe(const TrainSettings& settings, const Catalog& catalog);

// Sets one value over the chosen recipe; the recipe's own value takes the change back.
void set_value(TrainSettings& settings, const Catalog& catalog, const std::string& id, const ParamValue& value);

// Parameters that belong together, under a heading.
struct RecipeGroup {
  std::string heading;
  std::vector<const ParamSpec*> specs;
};

// The recipe in the order to show it, but for its basic parameters. Of the networks' parameters, those of `network`; with `init`
// none that the model decides.
std::vector<RecipeGroup> recipe_groups(const Catalog& catalog, const std::string& network, bool init);

// The parameter that says how large `network` is, or null where it is not one number.
const ParamSpec* size_of_network(const Catalog& catalog, const std::string& network);

// A run's files, by its name.
struct RunFiles {
  std::filesystem::path run, model;
};
RunFiles run_files(const std::filesystem::path& home, const std::string& name);

// A name for a run on this data that no run and no model in `home` has yet: "potions", "potions 2", …
std::string free_run_name(const std::filesystem::path& home, const std::string& data);

// Why a run cannot be called so, or "".
std::string why_not_run_name(const std::filesystem::path& home, const std::string& name);

// Whether there is a run of that name, which a new one would replace.
bool is_run_there(const std::filesystem::path& home, const std::string& name);

TrainRequest make_train_request(const TrainSettings& settings, const Catalog& catalog, const std::filesystem::path& home,
                                const std::string& name, const SpriteSource& source, const Preprocessing& preprocessing);

// What a request's plan depends on: two with the same one have networks of the same size, and the same speed.
TrainRequest plan_request(TrainRequest request, const Catalog& catalog);

// Seconds that `steps` steps take, from a plan of another number of steps; below 0 while unknown.
double planned_time_s(const TrainPlan& plan, std::int64_t steps);

// To go on with a run of a folder, until `steps` in all.
TrainRequest resume_request(const std::string& run, const std::string& model, std::int64_t steps);

}  // namespace kiln
