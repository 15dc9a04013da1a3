#include "engine/training/recipe.h"

#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/param_json.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

[[noreturn]] void refuse_value(const std::string& key, const std::string& name) {
  throw Failure(ErrorCode::kCorrupt, "“" + key + "” in " + name + " is neither a number, a text nor true or false",
                "see `spritekiln train --help` for the keys of a recipe");
}

}  // namespace

ParamMap make_recipe(const std::string& name, const ParamMap& overrides) {
  ParamMap values;
  std::vector<std::string> known;
  bool found = false;
  for (const auto& preset : recipe_presets()) {
    known.push_back(preset.id);
    if (preset.id == (name.empty() ? "standard" : name)) {
      values = preset.values;
      found = true;
    }
  }
  if (!found) {
    const bool is_file = name.find('/') != std::string::npos || name.ends_with(".json");
    if (!is_file)
      throw Failure(ErrorCode::kNotFound, "there is no recipe “" + name + "”",
                    name_hint(name, known) + "; a file's name ends in .json");
    values = recipe_from_json(read_text(name), name);
  }
  for (const auto& [key, value] : overrides) values[key] = value;
  return validated(recipe_specs(), values, "recipe");
}

bool ends_by_novelty(const ParamMap& recipe) { return get_real(recipe, "least_novelty") > 0; }

std::string recipe_to_json(const ParamMap& recipe) { return nlohmann::json(recipe).dump(2); }

ParamMap recipe_from_json(const std::string& json, const std::string& name) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object())
    throw Failure(ErrorCode::kCorrupt, name + " is not a JSON object", "a recipe looks like {\"steps\": 20000, \"width\": 64}");
  for (const auto& [key, value] : document.items()) {
    if (value.is_null() || value.is_structured()) refuse_value(key, name);
  }
  return document.get<ParamMap>();
}

DiffusionConfig diffusion_of(const ParamMap& recipe) {
  DiffusionConfig diffusion;
  diffusion.schedule = {.kind = parse_schedule_kind(get_text(recipe, "schedule")),
                        .length = static_cast<int>(get_int(recipe, "timesteps")),
                        .beta_start = get_real(recipe, "beta_start"),
                        .beta_end = get_real(recipe, "beta_end"),
                        .zero_terminal_snr = get_bool(recipe, "zero_terminal_snr")};
  diffusion.prediction = parse_prediction(get_text(recipe, "prediction"));
  diffusion.legacy_noise = get_bool(recipe, "legacy_noise");
  return diffusion;
}

ParamMap recipe_of(const Model& model) {
  ParamMap values;
  const NetworkKind& kind = find_network(model.network_id);
  for (const auto& spec : kind.params) values[recipe_key(kind, spec)] = model.network_params.at(spec.id);
  const ScheduleConfig& schedule = model.diffusion.schedule;
  values["network"] = model.network_id;
  values["channels"] = std::string(model.shape.channels == 4 ? "rgba" : "rgb");
  values["schedule"] = std::string(to_string(schedule.kind));
  values["timesteps"] = std::int64_t{schedule.length};
  values["beta_start"] = schedule.beta_start;
  values["beta_end"] = schedule.beta_end;
  values["zero_terminal_snr"] = schedule.zero_terminal_snr;
  const bool has_palette_head = !model.palette_head.empty();
  values["prediction"] = std::string(to_string(has_palette_head ? DiffusionConfig{}.prediction : model.diffusion.prediction));
  values["legacy_noise"] = model.diffusion.legacy_noise;
  values["palette"] = std::string(has_palette_head ? kOwnPalette : kNoPalette);
  return values;
}

}  // namespace kiln
