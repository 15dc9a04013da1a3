#include "engine/api/recipe_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/api/export.h"
#include "engine/base/error.h"
#include "engine/base/param_json.h"

namespace kiln {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr std::size_t kMostClasses = 4096;
constexpr std::size_t kLongestName = 4096;
constexpr std::int64_t kMostStepsDone = 1'000'000;
constexpr double kLargestWeight = 1e6;

[[noreturn]] void refuse(const std::string& what) { throw Failure(ErrorCode::kInvalidArgument, what, "use another file"); }

json condition_json(const Condition& condition) {
  json out = json::object();
  for (const auto& [name, weight] : condition) out[name] = weight;
  return out;
}

std::string condition_text(const Condition& condition) {
  std::string text;
  for (const auto& [name, weight] : condition) text += (text.empty() ? "" : ",") + name + "=" + to_string(ParamValue(weight));
  return text;
}

// Those of the sampler before those that all share, those of the init image before both.
ParamMap all_params(const SampleSettings& settings) {
  ParamMap params = settings.init_params;
  params.insert(settings.sampler_params.begin(), settings.sampler_params.end());
  params.insert(settings.shared_params.begin(), settings.shared_params.end());
  return params;
}

std::array<std::pair<const char*, const ImageFile*>, 2> files_of(const SampleSettings& settings) {
  return {{{"init_image", &settings.init_image}, {"mask", &settings.mask}}};
}

Condition condition_of(const json& in) {
  if (!in.is_object() || in.size() > kMostClasses) refuse("its classes are not as they should be");
  Condition condition;
  for (const auto& [name, value] : in.items()) {
    const auto weight = value.get<double>();
    if (name.empty() || name.size() > kLongestName || !std::isfinite(weight) || weight < 0 || weight > kLargestWeight)
      refuse("the weight of a class is out of range");
    condition.push_back({name, weight});
  }
  return condition;
}

std::string text_of(const json& in, const char* key) {
  auto text = in.at(key).get<std::string>();
  if (text.size() > kLongestName) refuse(std::string("“") + key + "” is too long");
  return text;
}

std::int64_t number_of(const json& in, const char* key, std::int64_t low, std::int64_t high) {
  const auto value = in.at(key).get<ParamValue>();
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < low || *number > high) refuse(std::string("“") + key + "” is out of range");
  return *number;
}

ImageFile image_file_of(const json& in) { return {text_of(in, "path"), text_of(in, "sha256")}; }

// Takes the values of `specs` out of `given`.
ParamMap taken(const std::vector<ParamSpec>& specs, ParamMap& given) {
  ParamMap values;
  for (const ParamSpec& spec : specs) {
    if (auto found = given.extract(spec.id); !found.empty()) values.insert(std::move(found));
  }
  return validated(specs, values, "sampling");
}

}  // namespace

void to_json(json& out, const SpriteRecipe& recipe) {
  const SampleSettings& settings = recipe.settings;
  const json params = all_params(settings);
  out = {{"model", recipe.model_name},
         {"model_hash", recipe.model_hash},
         {"class", condition_json(recipe.condition)},
         {"seed", params.value("seed", json(0))},
         {"sampler", settings.sampler},
         {"steps", params.value("steps", std::int64_t{0})},
         {"steps_done", recipe.steps_done},
         {"parameters", params}};
  if (recipe.steps_total > 0) out["steps_total"] = recipe.steps_total;
  if (recipe.edited) out["edited"] = true;
  if (!settings.negative.empty()) out["negative"] = condition_json(settings.negative);
  for (const auto& [key, file] : files_of(settings)) {
    if (!file->path.empty()) out[key] = {{"path", file->path}, {"sha256", file->sha256}};
  }
}

ParamMap recipe_properties(const SpriteRecipe& recipe) {
  if (recipe.model_name.empty()) return {};
  const SampleSettings& settings = recipe.settings;
  ParamMap properties = all_params(settings);
  properties["model"] = recipe.model_name;
  properties["model_hash"] = recipe.model_hash;
  properties["class"] = condition_text(recipe.condition);
  properties["sampler"] = settings.sampler;
  properties["steps_done"] = std::int64_t{recipe.steps_done};
  if (recipe.steps_total > 0) properties["steps_total"] = std::int64_t{recipe.steps_total};
  if (recipe.edited) properties["edited"] = true;
  if (!settings.negative.empty()) properties["negative"] = condition_text(settings.negative);
  for (const auto& [key, file] : files_of(settings)) {
    if (file->path.empty()) continue;
    properties[key] = file->path;
    properties[std::string(key) + "_sha256"] = file->sha256;
  }
  return properties;
}

void from_json(const json& in, SpriteRecipe& recipe) {
  recipe = {};
  recipe.model_name = text_of(in, "model");
  recipe.model_hash = text_of(in, "model_hash");
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (recipe.model_hash.size() != 64 || !std::all_of(recipe.model_hash.begin(), recipe.model_hash.end(), is_hex))
    refuse("“model_hash” is no SHA-256");
  recipe.condition = condition_of(in.at("class"));
  recipe.edited = in.value("edited", false);
  recipe.steps_done = static_cast<int>(number_of(in, "steps_done", 0, kMostStepsDone));
  if (in.contains("steps_total"))
    recipe.steps_total = static_cast<int>(number_of(in, "steps_total", std::int64_t{recipe.steps_done} + 1, kMostStepsDone));
  SampleSettings& settings = recipe.settings;
  settings.sampler = text_of(in, "sampler");
  auto params = in.at("parameters").get<ParamMap>();
  settings.shared_params = taken(sampling_specs(), params);
  if (in.contains("negative")) settings.negative = condition_of(in.at("negative"));
  if (in.contains("init_image")) {
    settings.init_image = image_file_of(in.at("init_image"));
    settings.init_params = taken(init_image_specs(), params);
  }
  if (in.contains("mask")) settings.mask = image_file_of(in.at("mask"));
  for (const auto& [id, value] : params) {
    const auto* text = std::get_if<std::string>(&value);
    if (id.size() > kLongestName || (text != nullptr && text->size() > kLongestName)) refuse("a parameter is too long");
  }
  settings.sampler_params = std::move(params);
}

namespace {

// Each of the sprites once, among empty cells.
std::vector<int> cells_of(const json& in, std::size_t sprites) {
  constexpr std::size_t kMostCells = 65536;
  if (!in.is_array() || in.size() > kMostCells) refuse("the cells are none, or too many");
  std::vector<int> cells;
  std::vector<bool> seen(sprites, false);
  for (const json& cell : in) {
    const auto sprite = cell.get<std::int64_t>();
    if (sprite >= static_cast<std::int64_t>(sprites) || (sprite >= 0 && seen[static_cast<std::size_t>(sprite)]))
      refuse("a cell has no sprite of its own");
    if (sprite >= 0) seen[static_cast<std::size_t>(sprite)] = true;
    cells.push_back(sprite < 0 ? -1 : static_cast<int>(sprite));
  }
  if (std::find(seen.begin(), seen.end(), false) != seen.end()) refuse("a sprite has no cell");
  return cells;
}

}  // namespace

std::string recipe_text(const PictureRecipe& picture) {
  json out = {{"version", kVersion},
              {"columns", picture.columns},
              {"padding", picture.padding},
              {"scale", picture.scale},
              {"sprites", picture.sprites}};
  if (!picture.sheet.empty()) out["sheet"] = picture.sheet;
  if (!picture.cells.empty()) out["cells"] = picture.cells;
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

PictureRecipe parse_recipe_text(std::string_view text, std::string_view name) {
  const auto corrupt = [&](const std::string& detail) {
    return Failure(ErrorCode::kCorrupt, "the recipe in “" + std::string(name) + "” is damaged or forged",
                   "its pixels can be used; the settings must be set by hand", detail);
  };
  if (text.size() > kMostRecipeBytes) throw corrupt("larger than 4 MiB");
  try {
    const json in = json::parse(text);
    if (number_of(in, "version", 1, 1'000'000) > kVersion) {
      throw Failure(ErrorCode::kUnsupported, "the recipe in “" + std::string(name) + "” is of a later version of the program",
                    "use that version, or set the settings by hand");
    }
    PictureRecipe picture;
    picture.columns = static_cast<int>(number_of(in, "columns", 1, 4096));
    picture.padding = static_cast<int>(number_of(in, "padding", 0, 256));
    picture.scale = static_cast<int>(number_of(in, "scale", 1, 64));
    const json& sprites = in.at("sprites");
    if (!sprites.is_array() || sprites.empty() || sprites.size() > 4096) throw corrupt("no sprites, or too many");
    picture.sprites = sprites.get<std::vector<SpriteRecipe>>();
    if (in.contains("sheet")) picture.sheet = known_params(sheet_specs(), in.at("sheet").get<ParamMap>());
    if (in.contains("cells")) picture.cells = cells_of(in.at("cells"), picture.sprites.size());
    return picture;
  } catch (const json::exception& e) {
    throw corrupt(e.what());
  } catch (const Failure& failure) {
    if (failure.error().code != ErrorCode::kInvalidArgument) throw;
    throw corrupt(failure.error().message);
  }
}

}  // namespace kiln
