#include "engine/api/dataset_json.h"

#include <array>
#include <nlohmann/json.hpp>

namespace kiln {

using nlohmann::json;

static void to_json(json& out, const PixelSize& size) { out = {size.width, size.height}; }
static void from_json(const json& in, PixelSize& size) { size = {in.at(0).get<int>(), in.at(1).get<int>()}; }

void to_json(json& out, const CellGrid& g) {
  out = {{"cell", {g.cell_width, g.cell_height}}, {"offset", {g.offset_x, g.offset_y}}, {"spacing", {g.spacing_x, g.spacing_y}}};
}

void from_json(const json& in, CellGrid& g) {
  if (in.is_array()) {  // of older settings
    const auto v = in.get<std::array<int, 6>>();
    g = {v[0], v[1], v[2], v[3], v[4], v[5]};
    return;
  }
  const auto cell = in.at("cell").get<PixelSize>(), offset = in.at("offset").get<PixelSize>(),
             spacing = in.at("spacing").get<PixelSize>();
  g = {cell.width, cell.height, offset.width, offset.height, spacing.width, spacing.height};
}

void to_json(json& out, const SpriteSource& source) {
  out = {{"path", source.path}, {"labels", source.labels}, {"class_names", source.class_names}, {"files", source.files}};
  if (source.grid) out["grid"] = *source.grid;
}

void from_json(const json& in, SpriteSource& source) {
  source = {};
  in.at("path").get_to(source.path);
  source.labels = in.value("labels", source.labels);
  source.class_names = in.value("class_names", source.class_names);
  source.files = in.value("files", source.files);
  if (in.contains("grid")) source.grid = in.at("grid").get<CellGrid>();
}

void to_json(json& out, const Preprocessing& preprocessing) {
  out = json::object();
  for (const PreprocessingStep& step : kPreprocessingSteps)
    std::visit([&](auto field) { out[step.id] = preprocessing.*field; }, step.field);
}

void from_json(const json& in, Preprocessing& preprocessing) {
  preprocessing = {};
  for (const PreprocessingStep& step : kPreprocessingSteps) {
    if (in.contains(step.id)) std::visit([&](auto field) { in.at(step.id).get_to(preprocessing.*field); }, step.field);
  }
  if (in.value("auto_downscale", false)) preprocessing.downscale = kDetectFactor;  // of older runs
}

}  // namespace kiln
