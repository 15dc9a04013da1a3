#include "app/panels/export_panel.h"

#include <imgui_stdlib.h>

#include <cmath>
#include <system_error>

#include "app/panels/export_actions.h"
#include "app/panels/export_dialog.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

void draw_path(Studio& studio, float width) {
  Ui& ui = studio.ui;
  ExportSettings& e = studio.settings.exporting;
  quiet_text("Export to");
  ImGui::SetNextItemWidth(width);
  ImGui::InputText("##export.path", &e.path);
  ui.map.note("export.path", ParamValue(e.path));
  const bool there = studio.view.exporting.file_there.get(e.path, studio.view.disk_changes, [&](const std::string& typed) {
    std::error_code ignored;
    return !typed.empty() && fs::is_regular_file(export_file(typed), ignored);
  });
  ui.tooltips.show(there ? "This file is there already" : export_file(e.path).string());
}

}  // namespace

void draw_export_panel(Studio& studio, float width) {
  Ui& ui = studio.ui;
  ExportSettings& e = studio.settings.exporting;
  follow_export_preview(studio);
  draw_path(studio, width);
  for (const ParamSpec& spec : sheet_specs()) {
    if (spec.id == "columns" || spec.id == "padding" || spec.id == "scale") param_row(ui, "export.", spec, e.sheet);
  }
  const float half = std::floor((width - ImGui::GetStyle().ItemSpacing.x) / 2);
  const ImVec2 size{half, ui.px(34)};
  const std::string why_not = why_not_export(studio);
  ImGui::Dummy({0, ui.px(2)});
  const bool files = e.path.find('{') != std::string::npos;
  const std::size_t selected = exported_places(studio).size();
  const std::string label = selected > 0 ? "Export " + std::to_string(selected) : files ? "Export all" : "Export sheet";
  const std::string which = selected > 0 ? "the selected sprites" : "all sprites; two or more selected ones alone, if there are";
  if (action_button(ui, "export.sheet", label, size, why_not, files ? "A file for each: " + which : "In one file: " + which))
    start_export(studio, false);
  ImGui::SameLine();
  if (action_button(ui, "export.png", "Export PNG", size, why_not, "The chosen sprite alone")) start_export(studio, true);
  if (action_button(
          ui, "export.options", "Format and options…", {width, 0}, {},
          "For Aseprite, Tiled, Godot, Unity or a web page; files for each sprite, arrays; borders, extruded edges, palette"))
    open_export_dialog(studio);
  if (const std::string summary = export_summary(studio); !summary.empty()) small_text(ui, summary, colour::quiet());
  draw_export_dialog(studio);
}

}  // namespace kiln
