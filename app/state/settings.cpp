#include "app/state/settings.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/api/dataset_json.h"
#include "engine/base/file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMostSettingsBytes = std::size_t{4} << 20;

json to_json(const ParamMap& params) {
  json out = json::object();
  for (const auto& [id, value] : params) std::visit([&, &key = id](const auto& v) { out[key] = v; }, value);
  return out;
}

ParamMap params_from(const json& in) {
  ParamMap params;
  for (const auto& [id, value] : in.items()) {
    if (value.is_boolean()) {
      params[id] = value.get<bool>();
    } else if (value.is_number_integer()) {
      params[id] = value.get<std::int64_t>();
    } else if (value.is_number()) {
      params[id] = value.get<double>();
    } else if (value.is_string()) {
      params[id] = value.get<std::string>();
    }
  }
  return params;
}

json to_json(const GenerateSettings& g) {
  json sampler_params = json::object();
  for (const auto& [id, params] : g.sampler_params) sampler_params[id] = to_json(params);
  return {{"model", g.model},
          {"classes", g.classes},
          {"mix", g.mix},
          {"count", g.count},
          {"steps", g.steps},
          {"sampler", g.sampler},
          {"seed", g.seed},
          {"sampler_params", sampler_params},
          {"shared_params", to_json(g.shared_params)},
          {"seed_locked", g.seed_locked},
          {"preview_every", g.preview_every}};
}

GenerateSettings generate_from(const json& in) {
  GenerateSettings g;
  g.model = in.value("model", g.model);
  g.classes = in.value("classes", g.classes);
  g.mix = in.value("mix", g.mix);
  g.count = in.value("count", g.count);
  g.steps = in.value("steps", g.steps);
  g.sampler = in.value("sampler", g.sampler);
  const json sampler_params = in.value("sampler_params", json::object());
  for (const auto& [id, params] : sampler_params.items()) g.sampler_params[id] = params_from(params);
  g.shared_params = params_from(in.value("shared_params", json::object()));
  g.seed = in.value("seed", g.seed);
  g.seed_locked = in.value("seed_locked", g.seed_locked);
  g.preview_every = in.value("preview_every", g.preview_every);
  return g;
}

json to_json(const DataSettings& d) {
  return {{"path", d.path},
          {"sheets", d.sheets},
          {"grid", d.grid},
          {"labels", d.labels},
          {"names", d.names},
          {"made_in", d.made_in},
          {"browsed", d.browsed},
          {"starter_size", d.starter_size},
          {"starter_count", d.starter_count},
          {"starter_seed", d.starter_seed},
          {"cell", d.cell}};
}

DataSettings data_from(const json& in) {
  DataSettings d;
  d.path = in.value("path", d.path);
  d.sheets = in.value("sheets", d.sheets);
  d.grid = in.value("grid", d.grid);
  d.labels = in.value("labels", d.labels);
  d.names = in.value("names", d.names);
  d.made_in = in.value("made_in", d.made_in);
  d.browsed = in.value("browsed", d.browsed);
  d.starter_size = in.value("starter_size", d.starter_size);
  d.starter_count = in.value("starter_count", d.starter_count);
  d.starter_seed = in.value("starter_seed", d.starter_seed);
  d.cell = in.value("cell", d.cell);
  bring_into_range(d);
  return d;
}

json to_json(const TrainSettings& t) {
  json overrides = json::object();
  for (const auto& [id, params] : t.overrides) overrides[id] = to_json(params);
  return {{"recipe", t.recipe}, {"overrides", overrides}, {"init", t.init}, {"unfinished", t.unfinished}, {"log_loss", t.log_loss}};
}

TrainSettings train_from(const json& in) {
  TrainSettings t;
  t.recipe = in.value("recipe", t.recipe);
  const json overrides = in.value("overrides", json::object());
  for (const auto& [id, params] : overrides.items()) t.overrides[id] = params_from(params);
  t.init = in.value("init", t.init);
  t.unfinished = in.value("unfinished", t.unfinished);
  t.log_loss = in.value("log_loss", t.log_loss);
  return t;
}

Settings from_json(const json& in) {
  Settings s;
  const json window = in.value("window", json::object());
  s.window_width = std::clamp(window.value("width", s.window_width), 720, 16384);
  s.window_height = std::clamp(window.value("height", s.window_height), 480, 16384);
  s.generate = generate_from(in.value("generate", json::object()));
  s.train = train_from(in.value("train", json::object()));
  s.generate.count = std::clamp(s.generate.count, 1, kMostSprites);
  s.generate.steps = std::clamp(s.generate.steps, 1, kMostSteps);
  s.generate.preview_every = std::clamp(s.generate.preview_every, 0, kMostSteps);
  for (auto& [name, weight] : s.generate.mix) weight = std::clamp(weight, 0.0, 1.0);
  const json exporting = in.value("export", json::object());
  s.exporting.path = exporting.value("path", default_export_path());
  s.exporting.columns = std::clamp(exporting.value("columns", 0), 0, kMostSprites);
  s.exporting.padding = std::clamp(exporting.value("padding", 0), 0, 16);
  s.exporting.scale = std::clamp(exporting.value("scale", 1), 1, 16);
  s.data = data_from(in.value("data", json::object()));
  return s;
}

fs::path user_home() {
  const char* home = std::getenv("HOME");
  return home && *home ? fs::path(home) : fs::path(".");
}

}  // namespace

LoadedSettings load_settings(const fs::path& file) {
  LoadedSettings loaded;
  loaded.settings.exporting.path = default_export_path();
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return loaded;
  try {
    loaded.settings = from_json(json::parse(read_text(file, kMostSettingsBytes)));
  } catch (const Failure& failure) {
    loaded.problem = failure.error();
  } catch (const std::exception& e) {
    loaded.problem = Error{ErrorCode::kCorrupt, "the settings could not be read, so the defaults are used",
                           "nothing to do: they are written anew from now on", file.string() + ": " + e.what()};
  }
  return loaded;
}

void save_settings(const fs::path& file, const Settings& settings) {
  const json out = {{"version", 1},
                    {"window", {{"width", settings.window_width}, {"height", settings.window_height}}},
                    {"generate", to_json(settings.generate)},
                    {"train", to_json(settings.train)},
                    {"export",
                     {{"path", settings.exporting.path},
                      {"columns", settings.exporting.columns},
                      {"padding", settings.exporting.padding},
                      {"scale", settings.exporting.scale}}},
                    {"data", to_json(settings.data)}};
  write_file(file, out.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

std::string default_export_path() {
  std::error_code ignored;
  const fs::path pictures = user_home() / "Pictures";
  return ((fs::is_directory(pictures, ignored) ? pictures : user_home()) / "sprites.png").string();
}

fs::path export_file(const std::string& text) {
  fs::path file = text.starts_with("~/") ? user_home() / text.substr(2) : fs::path(text);
  if (!file.has_extension() && file.has_filename()) file += ".png";
  return file;
}

}  // namespace kiln
