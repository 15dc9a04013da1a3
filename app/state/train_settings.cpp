#include "app/state/train_settings.h"

#include <algorithm>
#include <system_error>

namespace kiln {
namespace {

namespace fs = std::filesystem;

bool is_of_network(const NetworkInfo& network, const std::string& id) {
  return std::find(network.params.begin(), network.params.end(), id) != network.params.end();
}

// Whether a parameter of some network is one of another network than `network`.
bool is_of_another(const Catalog& catalog, const std::string& id, const std::string& network) {
  return std::any_of(catalog.networks.begin(), catalog.networks.end(),
                     [&](const NetworkInfo& info) { return info.id != network && is_of_network(info, id); });
}

ParamMap untouched_recipe(const TrainSettings& settings, const Catalog& catalog) {
  ParamMap values = defaults_of(catalog.recipe);
  if (const RecipeInfo* recipe = find_recipe(catalog, settings.recipe)) {
    for (const auto& [id, value] : recipe->values) values.insert_or_assign(id, value);
  }
  return values;
}

}  // namespace

const RecipeInfo* find_recipe(const Catalog& catalog, const std::string& id) {
  const auto found = std::find_if(catalog.recipes.begin(), catalog.recipes.end(), [&](const RecipeInfo& r) { return r.id == id; });
  return found == catalog.recipes.end() ? nullptr : &*found;
}

void fit_to(TrainSettings& settings, const Catalog& catalog) {
  if (!find_recipe(catalog, settings.recipe) && !catalog.recipes.empty()) settings.recipe = catalog.recipes.front().id;
  for (auto& [recipe, values] : settings.overrides) values = known_params(catalog.recipe, values);
  std::erase_if(settings.overrides, [&](const auto& entry) { return entry.second.empty() || !find_recipe(catalog, entry.first); });
}

ParamMap whole_recipe(const TrainSettings& settings, const Catalog& catalog) {
  ParamMap values = untouched_recipe(settings, catalog);
  const auto own = settings.overrides.find(settings.recipe);
  if (own == settings.overrides.end()) return values;
  for (const auto& [id, value] : own->second) {
    if (values.contains(id)) values.insert_or_assign(id, value);
  }
  return values;
}

void set_value(TrainSettings& settings, const Catalog& catalog, const std::string& id, const ParamValue& value) {
  const ParamMap untouched = untouched_recipe(settings, catalog);
  const auto usual = untouched.find(id);
  if (usual == untouched.end()) return;
  ParamMap& own = settings.overrides[settings.recipe];
  if (usual->second == value) {
    own.erase(id);
  } else {
    own.insert_or_assign(id, value);
  }
  if (own.empty()) settings.overrides.erase(settings.recipe);
}

std::vector<RecipeGroup> recipe_groups(const Catalog& catalog, const std::string& network, bool init) {
  std::vector<RecipeGroup> groups;
  for (const ParamSpec& spec : catalog.recipe) {
    if (groups.empty() || (!spec.group.empty() && spec.group != groups.back().heading)) groups.push_back({spec.group, {}});
    const bool shown = !spec.basic && !(init && spec.of_model) && !is_of_another(catalog, spec.id, network);
    if (shown) groups.back().specs.push_back(&spec);
  }
  std::erase_if(groups, [](const RecipeGroup& group) { return group.specs.empty(); });
  return groups;
}

const ParamSpec* size_of_network(const Catalog& catalog, const std::string& network) {
  const auto found =
      std::find_if(catalog.networks.begin(), catalog.networks.end(), [&](const NetworkInfo& n) { return n.id == network; });
  if (found == catalog.networks.end() || found->params.empty()) return nullptr;
  for (const ParamSpec& spec : catalog.recipe) {
    if (spec.id == found->params.front()) return std::holds_alternative<std::int64_t>(spec.fallback) ? &spec : nullptr;
  }
  return nullptr;
}

RunFiles run_files(const fs::path& home, const std::string& name) {
  return {home / "runs" / name, home / "models" / (name + ".safetensors")};
}

std::string free_run_name(const fs::path& home, const std::string& data) {
  const fs::path path = fs::path(data).lexically_normal();
  const fs::path last = path.has_filename() ? path : path.parent_path();
  std::error_code ignored;
  std::string stem = fs::is_directory(last, ignored) ? last.filename().string() : last.stem().string();
  if (stem.empty() || stem.front() == '.') stem = "sprites";
  std::string name = stem;
  for (int number = 2; !why_not_run_name(home, name).empty(); ++number) name = stem + " " + std::to_string(number);
  return name;
}

namespace {

std::string why_no_name(const std::string& name) {
  if (name.empty() || name.find_first_not_of(' ') == std::string::npos) return "Give the run a name";
  if (name.find('/') != std::string::npos || name.front() == '.') return "A name has no “/” in it and no dot in front";
  return {};
}

}  // namespace

bool is_run_there(const fs::path& home, const std::string& name) {
  std::error_code ignored;
  return why_no_name(name).empty() && fs::exists(run_files(home, name).run, ignored);
}

std::string why_not_run_name(const fs::path& home, const std::string& name) {
  if (std::string why = why_no_name(name); !why.empty()) return why;
  std::error_code ignored;
  const RunFiles files = run_files(home, name);
  if (fs::exists(files.run, ignored)) return "There is a run of that name already";
  if (fs::exists(files.model, ignored)) return "There is a model of that name already";
  return {};
}

TrainRequest make_train_request(const TrainSettings& settings, const Catalog& catalog, const fs::path& home,
                                const std::string& name, const SpriteSource& source, const Preprocessing& preprocessing) {
  TrainSettings fit = settings;
  fit_to(fit, catalog);
  const RunFiles files = run_files(home, name);
  TrainRequest request;
  request.source = source;
  request.preprocessing = preprocessing;
  request.out = files.model.string();
  request.run = files.run.string();
  request.recipe = fit.recipe;
  if (const auto own = fit.overrides.find(fit.recipe); own != fit.overrides.end()) request.overrides = own->second;
  if (const RecipeInfo* recipe = find_recipe(catalog, fit.recipe); recipe && recipe->needs_init) {
    request.init = fit.init;
    for (const ParamSpec& spec : catalog.recipe) {
      if (spec.of_model) request.overrides.erase(spec.id);
    }
  }
  return request;
}

TrainRequest plan_request(TrainRequest request, const Catalog& catalog) {
  request.out.clear();
  request.run.clear();
  for (const ParamSpec& spec : catalog.recipe) {
    if (spec.same_speed) request.overrides.erase(spec.id);
  }
  return request;
}

double planned_time_s(const TrainPlan& plan, std::int64_t steps) {
  const std::int64_t planned = plan.total - plan.step;
  if (plan.left_s >= 0 && planned > 0) return plan.left_s * static_cast<double>(steps) / static_cast<double>(planned);
  const auto batch = plan.recipe.find("batch");
  if (plan.images_per_s <= 0 || batch == plan.recipe.end()) return -1;
  return static_cast<double>(steps) * static_cast<double>(get_int(plan.recipe, "batch")) / plan.images_per_s;
}

TrainRequest resume_request(const std::string& run, const std::string& model, std::int64_t steps) {
  TrainRequest request;
  request.run = run;
  request.out = model;
  request.resume = true;
  if (steps > 0) request.overrides["steps"] = steps;
  return request;
}

}  // namespace kiln
