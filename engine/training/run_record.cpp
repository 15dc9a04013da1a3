#include "engine/training/run_record.h"

#include <nlohmann/json.hpp>

#include "engine/base/error.h"

namespace kiln {
namespace {

using nlohmann::json;

json to_json(const SpriteSource& source) {
  json out = {{"path", source.path}, {"labels", source.labels}, {"class_names", source.class_names}, {"files", source.files}};
  if (source.grid) {
    const auto& g = *source.grid;
    out["grid"] = {
        {"cell", {g.cell_width, g.cell_height}}, {"offset", {g.offset_x, g.offset_y}}, {"spacing", {g.spacing_x, g.spacing_y}}};
  }
  return out;
}

SpriteSource source_from(const json& in) {
  SpriteSource source;
  source.path = in.at("path").get<std::string>();
  source.labels = in.value("labels", "");
  source.class_names = in.value("class_names", std::vector<std::string>{});
  source.files = in.value("files", std::vector<std::string>{});
  if (in.contains("grid")) {
    const auto& g = in.at("grid");
    const auto pair = [&](const char* key, std::size_t i) { return g.at(key).at(i).get<int>(); };
    source.grid =
        CellGrid{pair("cell", 0), pair("cell", 1), pair("offset", 0), pair("offset", 1), pair("spacing", 0), pair("spacing", 1)};
  }
  return source;
}

json to_json(const Preprocessing& r) {
  return {{"background_to_alpha", r.background_to_alpha},
          {"hard_alpha", r.hard_alpha},
          {"auto_downscale", r.auto_downscale},
          {"downscale", r.downscale},
          {"crop", r.crop},
          {"pad", {r.pad_width, r.pad_height}},
          {"palette", r.palette},
          {"renames", r.renames},
          {"drop_classes", r.drop_classes},
          {"flip_classes", r.flip_classes},
          {"drop_empty", r.drop_empty},
          {"drop_duplicates", r.drop_duplicates},
          {"drop_near_duplicates", r.drop_near_duplicates}};
}

Preprocessing preprocessing_from(const json& in) {
  Preprocessing r;
  r.background_to_alpha = in.value("background_to_alpha", false);
  r.hard_alpha = in.value("hard_alpha", false);
  r.auto_downscale = in.value("auto_downscale", false);
  r.downscale = in.value("downscale", 1);
  r.crop = in.value("crop", false);
  if (in.contains("pad")) {
    r.pad_width = in.at("pad").at(0).get<int>();
    r.pad_height = in.at("pad").at(1).get<int>();
  }
  r.palette = in.value("palette", "");
  r.renames = in.value("renames", std::vector<std::pair<std::string, std::string>>{});
  r.drop_classes = in.value("drop_classes", std::vector<std::string>{});
  r.flip_classes = in.value("flip_classes", std::vector<std::string>{});
  r.drop_empty = in.value("drop_empty", false);
  r.drop_duplicates = in.value("drop_duplicates", false);
  r.drop_near_duplicates = in.value("drop_near_duplicates", false);
  return r;
}

}  // namespace

std::string record_to_json(const RunRecord& record) {
  const json out = {{"source", to_json(record.source)},
                    {"remedies", to_json(record.preprocessing)},
                    {"out", record.out},
                    {"init", record.init},
                    {"credits", record.credits},
                    {"licence", record.licence}};
  return out.dump(2, ' ', false, json::error_handler_t::replace);
}

RunRecord record_from_json(const std::string& text, const std::string& name) {
  try {
    const json in = json::parse(text);
    return {source_from(in.at("source")), preprocessing_from(in.at("remedies")),
            in.value("out", ""),          in.value("init", ""),
            in.value("credits", ""),      in.value("licence", "")};
  } catch (const json::exception& error) {
    throw Failure(ErrorCode::kCorrupt, name + " does not tell where the run's sprites come from", "name them with --data",
                  error.what());
  }
}

}  // namespace kiln
