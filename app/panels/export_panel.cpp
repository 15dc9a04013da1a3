#include "app/panels/export_panel.h"

#include <imgui_stdlib.h>

#include <cmath>
#include <filesystem>
#include <system_error>

#include "app/widgets/fields.h"

namespace kiln {
namespace {

std::string why_not_export(const Studio& studio) {
  if (studio.mirror.engine() != EngineState::kReady) return "The engine is not running";
  if (!studio.mirror.batch().has_pixels()) return "There are no sprites yet: generate some first";
  if (studio.settings.exporting.path.empty()) return "Type a file name first";
  return {};
}

// The places of those that a sheet is made of; none: all. One sprite that was clicked is looked at, and has a button of its own.
std::vector<int> exported_places(const Studio& studio) {
  std::vector<int> places = studio.view.grid.selection.places();
  if (places.size() < 2) places.clear();
  return places;
}

// "sheet 4×4, 256×256 px".
std::string sheet_size(const GeneratedBatch& batch, int count, const ExportSettings& e) {
  const int columns =
      e.columns > 0 ? std::min(e.columns, count) : static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
  const int rows = (count + columns - 1) / columns;
  const auto side = [&](int cells, int size) { return std::to_string((cells * size + (cells - 1) * e.padding) * e.scale); };
  return "Sheet of " + std::to_string(columns) + "×" + std::to_string(rows) + ", " + side(columns, batch.width) + "×" +
         side(rows, batch.height) + " pixels";
}

}  // namespace

void draw_export_panel(Studio& studio, float width) {
  Ui& ui = studio.ui;
  ExportSettings& e = studio.settings.exporting;
  const GeneratedBatch& batch = studio.mirror.batch();
  quiet_text("Export to");
  ImGui::SetNextItemWidth(width);
  ImGui::InputText("##export.path", &e.path);
  ui.map.note("export.path", ParamValue(e.path));
  const std::filesystem::path file = export_file(e.path);
  const bool there = studio.view.export_there.get(e.path, studio.view.disk_changes, [&](const std::string& typed) {
    std::error_code ignored;
    return !typed.empty() && std::filesystem::is_regular_file(file, ignored);
  });
  ui.tooltips.show(there ? "This file is there already and will be replaced" : file.string());
  slider_row(ui, "export.columns", "Columns", e.columns, 0, kMostSprites, 0,
             "Sprites in a row; 0 makes the sheet as square as it gets", e.columns == 0 ? "%d (square)" : "%d");
  slider_row(ui, "export.padding", "Padding", e.padding, 0, 16, 0, "Transparent pixels between two sprites", "%d px");
  slider_row(ui, "export.scale", "Scale", e.scale, 1, 16, 1, "Each pixel becomes a square of this many", "×%d");
  const std::string why_not = why_not_export(studio);
  const float half = std::floor((width - ImGui::GetStyle().ItemSpacing.x) / 2);
  const ImVec2 size{half, ui.px(34)};
  ImGui::Dummy({0, ui.px(2)});
  const std::vector<int> places = exported_places(studio);
  const std::string label = places.empty() ? "Export all" : "Export " + std::to_string(places.size());
  if (action_button(ui, "export.sheet", label, size, why_not,
                    places.empty() ? "All sprites in one PNG; two or more selected ones alone, if there are"
                                   : "The selected sprites in one PNG")) {
    studio.mirror.export_sheet(file.string(), e.columns, e.padding, e.scale, places);
  }
  ImGui::SameLine();
  if (action_button(ui, "export.png", "Export PNG", size, why_not, "The chosen sprite alone")) {
    studio.mirror.export_png(file.string(), studio.view.chosen, e.scale);
  }
  if (!batch.has_pixels()) return;
  small_text(ui, sheet_size(batch, places.empty() ? batch.count() : static_cast<int>(places.size()), e), colour::kQuiet);
  if (there) small_text(ui, "Replaces the file of that name", colour::kQuiet);
}

}  // namespace kiln
