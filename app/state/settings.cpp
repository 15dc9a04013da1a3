#include "app/state/settings.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/api/dataset_json.h"
#include "engine/base/file.h"
#include "engine/base/param_json.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMostSettingsBytes = std::size_t{4} << 20;

// Each part of the settings lists its fields once, for both directions: what is not there stays as it is.
struct Reader {
  const json& in;
  template <class T>
  void operator()(const char* key, T& value) const {
    if (const auto found = in.find(key); found != in.end()) found->get_to(value);
  }
};
struct Writer {
  json& out;
  template <class T>
  void operator()(const char* key, const T& value) const {
    out[key] = value;
  }
};

template <class Archive>
void fields(const Archive& archive, GenerateSettings& g) {
  archive("model", g.model);
  archive("classes", g.classes);
  archive("mix", g.mix);
  archive("sampler", g.sampler);
  archive("sampler_params", g.sampler_params);
  archive("shared_params", g.shared_params);
  archive("of_model", g.of_model);
  archive("seed_locked", g.seed_locked);
  archive("negative", g.negative);
  archive("init_params", g.init_params);
  archive("repair_params", g.repair_params);
  archive("variation", g.variation);
  archive("several_strengths", g.several_strengths);
  archive("live", g.live);
}

template <class Archive>
void fields(const Archive& archive, DataSettings& d) {
  archive("path", d.path);
  archive("sheets", d.sheets);
  archive("grid", d.grid);
  archive("labels", d.labels);
  archive("names", d.names);
  archive("made_in", d.made_in);
  archive("browsed", d.browsed);
  archive("starter_size", d.starter_size);
  archive("starter_count", d.starter_count);
  archive("starter_seed", d.starter_seed);
  archive("starter_animated", d.starter_animated);
  archive("cell", d.cell);
}

template <class Archive>
void fields(const Archive& archive, TrainSettings& t) {
  archive("recipe", t.recipe);
  archive("overrides", t.overrides);
  archive("init", t.init);
  archive("unfinished", t.unfinished);
  archive("log_loss", t.log_loss);
}

template <class Archive>
void fields(const Archive& archive, ShowSettings& s) {
  archive("background", s.background);
  archive("pixel_grid", s.pixel_grid);
}

template <class Archive>
void fields(const Archive& archive, ExportSettings& e) {
  archive("path", e.path);
  archive("sheet", e.sheet);
}

template <class Archive>
void fields(const Archive& archive, GallerySettings& g) {
  archive("folder", g.folder);
  archive("cell", g.cell);
}

template <class Archive>
void fields(const Archive& archive, LabSettings& l) {
  archive("level", l.level);
  archive("values", l.values);
  archive("of_model", l.of_model);
}

template <class Archive>
void fields(const Archive& archive, AnimateSettings& a) {
  archive("motion", a.motion);
  archive("values", a.values);
  archive("playing", a.playing);
  archive("morph", a.morph);
  archive("redraw", a.redraw);
  archive("redrawn", a.redrawn);
  archive("onion", a.onion);
  archive("path", a.path);
  archive("sheet", a.sheet);
}

template <class Part>
void read(const json& in, const char* key, Part& part) {
  const json own = in.value(key, json::object());
  if (!own.is_object()) throw Failure(ErrorCode::kCorrupt, "“" + std::string(key) + "” in the settings is no object", "");
  fields(Reader{own}, part);
}

template <class Part>
json written(Part part) {
  json out;
  fields(Writer{out}, part);
  return out;
}

int nearest_scale(int percent) {
  return *std::min_element(std::begin(kScales), std::end(kScales),
                           [percent](int a, int b) { return std::abs(a - percent) < std::abs(b - percent); });
}

void bring_into_range(Settings& s) {
  s.window_width = std::clamp(s.window_width, 720, 16384);
  s.window_height = std::clamp(s.window_height, 480, 16384);
  s.scale_percent = nearest_scale(s.scale_percent);
  fit_to(s.generate, {});
  for (auto& [name, weight] : s.generate.mix) weight = std::clamp(weight, 0.0, 1.0);
  s.exporting.sheet = fitting(sheet_specs(), s.exporting.sheet);
  for (auto& [name, profile] : s.export_profiles) profile.sheet = fitting(sheet_specs(), profile.sheet);
  s.gallery.cell = std::clamp(s.gallery.cell, kSmallestCell, kLargestCell);
  s.lab.level = std::clamp(s.lab.level, 0.0, 1.0);
  s.lab.values = fitting(lab_params(), s.lab.values);
  bring_into_range(s.data);
  bring_into_range(s.animate);
}

// Before version 2 these stood beside the other parameters that all samplers share.
void read_version_1(const json& generate, ParamMap& params) {
  for (const char* id : {"count", "steps", "seed", "preview_every"}) {
    if (const auto found = generate.find(id); found != generate.end()) params[id] = found->get<std::int64_t>();
  }
}

// These stood beside the path.
void read_before_sheet(const json& file, ParamMap& sheet) {
  if (file.contains("sheet")) return;
  for (const char* id : {"atlas", "columns", "padding", "scale"}) {
    if (const auto found = file.find(id); found != file.end()) sheet[id] = found->get<ParamValue>();
  }
}

Settings from_json(const json& in) {
  Settings s;
  s.exporting.path = default_export_path();
  const json window = in.value("window", json::object());
  s.window_width = window.value("width", s.window_width);
  s.window_height = window.value("height", s.window_height);
  read(in, "generate", s.generate);
  if (in.contains("generate") && in.value("version", 1) < 2) read_version_1(in.at("generate"), s.generate.shared_params);
  s.begin_with_batch = window.value("begin_with_batch", s.begin_with_batch);
  s.theme = window.value("theme", s.theme);
  s.scale_percent = window.value("scale", s.scale_percent);
  s.panel_widths = window.value("panels", s.panel_widths);
  s.keys = in.value("keys", s.keys);
  read(in, "train", s.train);
  read(in, "show", s.showing);
  read(in, "export", s.exporting);
  if (in.contains("export")) read_before_sheet(in.at("export"), s.exporting.sheet);
  const json profiles = in.value("export_profiles", json::object());
  for (const auto& [name, profile] : profiles.items()) read(profiles, name.c_str(), s.export_profiles[name]);
  read(in, "gallery", s.gallery);
  read(in, "lab", s.lab);
  read(in, "data", s.data);
  read(in, "animate", s.animate);
  if (in.contains("animate")) read_before_sheet(in.at("animate"), s.animate.sheet);
  bring_into_range(s);
  return s;
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
  json profiles = json::object();
  for (const auto& [name, profile] : settings.export_profiles) profiles[name] = written(profile);
  const json out = {{"version", 2},
                    {"window",
                     {{"width", settings.window_width},
                      {"height", settings.window_height},
                      {"begin_with_batch", settings.begin_with_batch},
                      {"theme", settings.theme},
                      {"scale", settings.scale_percent},
                      {"panels", settings.panel_widths}}},
                    {"keys", settings.keys},
                    {"generate", written(settings.generate)},
                    {"train", written(settings.train)},
                    {"show", written(settings.showing)},
                    {"export", written(settings.exporting)},
                    {"export_profiles", profiles},
                    {"gallery", written(settings.gallery)},
                    {"lab", written(settings.lab)},
                    {"data", written(settings.data)},
                    {"animate", written(settings.animate)}};
  write_file(file, out.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

int next_scale(int percent, bool larger) {
  const auto* at = std::find(std::begin(kScales), std::end(kScales), nearest_scale(percent));
  if (larger) return at + 1 == std::end(kScales) ? *at : *(at + 1);
  return at == std::begin(kScales) ? *at : *(at - 1);
}

std::string default_export_path() {
  std::error_code ignored;
  const fs::path pictures = user_home() / "Pictures";
  return ((fs::is_directory(pictures, ignored) ? pictures : user_home()) / "sprites.png").string();
}

fs::path export_file(const std::string& text) {
  fs::path file = with_home(text);
  if (!file.has_extension() && file.has_filename()) file += ".png";
  return file;
}

}  // namespace kiln
