#include "app/panels/export_dialog.h"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

#include "app/panels/export_actions.h"
#include "app/panels/notice_bar.h"
#include "app/widgets/fields.h"
#include "app/widgets/modal.h"
#include "app/widgets/named_choice.h"
#include "app/widgets/sheet_rows.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
using Page = ExportView::Page;

constexpr const char* kTitle = "###export_dialog";
constexpr float kOptionsWidth = 380, kPreviewSide = 360, kPageHeight = 484, kBetween = 22, kMostZoom = 16;

struct Format {
  std::string id, label;
};

const std::vector<Format>& formats() {
  static const std::vector<Format> all = {{"sheet", "One sheet, a PNG"},         {"files", "A PNG for each sprite"},
                                          {"npy", "A NumPy array, .npy"},        {"gif", "The fade, an animated GIF"},
                                          {"apng", "The fade, an animated PNG"}, {"npz", "A NumPy archive, .npz"}};
  return all;
}

std::string format_of(const std::string& path) {
  const std::string ending = lower_ending(path);
  if (ending == ".npy" || ending == ".npz" || is_animation(path)) return ending.substr(1);
  return path.find('{') != std::string::npos ? "files" : "sheet";
}

// The path with the name that the format takes, in the same folder.
std::string path_for(const std::string& format, const std::string& path) {
  const auto brace = path.find('{');
  const auto slash = path.rfind('/', brace);
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  if (format == "files") return folder + "{class}_{n:03}.png";
  std::string stem = brace == std::string::npos ? fs::path(path).stem().string() : "sprites";
  if (stem.empty()) stem = "sprites";
  return folder + stem + (format == "sheet" ? ".png" : "." + format);
}

bool applies(const ParamSpec& spec, const std::string& format) {
  if (format == "npy" || format == "npz") return false;
  if (format == "gif" || format == "apng") return spec.id == "columns" || spec.id == "padding" || spec.id == "scale";
  const bool of_sheet = spec.id == "columns" || spec.id == "padding" || spec.id == "class_rows";
  return format == "sheet" || !of_sheet;
}

// All of these settings under a name.
void draw_profiles(Studio& studio) {
  Ui& ui = studio.ui;
  ExportView& view = studio.view.exporting;
  auto& profiles = studio.settings.export_profiles;
  if (!profiles.contains(view.profile)) view.profile.clear();
  field_label(ui, "Profile", "All of the settings below under a name, to have them again");
  if (begin_combo(ui, "export.profile", view.profile.empty() ? "none" : view.profile, view.profile)) {
    for (const auto& [name, settings] : profiles) {
      if (ImGui::Selectable(name.c_str(), name == view.profile)) {
        view.profile = view.profile_name = name;
        studio.settings.exporting = settings;
      }
      ui.map.note("export.profile." + name);
    }
    if (profiles.empty()) quiet_text("There is none yet: type a name and save");
    ImGui::EndCombo();
  }
  field_label(ui, "", "");
  const float button = ui.px(64);
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - 2 * (button + ImGui::GetStyle().ItemSpacing.x));
  ImGui::InputTextWithHint("##export.profile_name", "a name", &view.profile_name);
  ui.map.note("export.profile_name", ParamValue(view.profile_name));
  ImGui::SameLine();
  const bool there = profiles.contains(view.profile_name);
  if (action_button(ui, "export.profile_save", "Save", {button, 0}, view.profile_name.empty() ? "Type a name first" : "",
                    there ? "Replaces the profile of that name" : "Keeps these settings under that name")) {
    profiles[view.profile_name] = studio.settings.exporting;
    view.profile = view.profile_name;
  }
  ImGui::SameLine();
  if (action_button(ui, "export.profile_remove", "Remove", {button, 0}, there ? "" : "There is no profile of that name",
                    "Forgets the profile; files stay"))
    profiles.erase(view.profile_name);
}

void draw_options(Studio& studio) {
  Ui& ui = studio.ui;
  ExportSettings& e = studio.settings.exporting;
  ImGui::TextUnformatted("Export");
  ImGui::Dummy({0, ui.px(4)});
  draw_profiles(studio);
  ImGui::Dummy({0, ui.px(4)});
  field_label(ui, "File", "In braces may stand class, n, n:03 or seed");
  ImGui::InputText("##export.file", &e.path);
  ui.map.note("export.path", ParamValue(e.path));
  const std::string format = format_of(e.path);
  const std::string help = "What the file's ending says";
  field_label(ui, "Format", help);
  if (const auto chosen = named_choice(ui, "export.format", help, formats(), format); !chosen.empty())
    e.path = path_for(chosen, e.path);
  sheet_rows(ui, "export.", sheet_specs(), e.sheet, [&](const ParamSpec& spec) {
    const bool is_of_data = spec.id == "frame_ms";  // how long frames stand is told in the data alone
    return applies(spec, format) && !(is_of_data && get_text(e.sheet, "atlas") == kNoAtlas);
  });
}

// Cells are dragged onto each other; `from` and `zoom`: of the sheet. The whole sheet's pixels are told, not the reduced picture's.
void draw_cells(Studio& studio, const ExportPreviewed& previewed, ImVec2 from, float zoom) {
  ExportView& view = studio.view.exporting;
  const float scale = zoom * static_cast<float>(previewed.sheet.width) / static_cast<float>(std::max(1, previewed.width));
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto corner = [&](int x, int y) {
    return ImVec2(from.x + static_cast<float>(x) * scale, from.y + static_cast<float>(y) * scale);
  };
  int under = -1;
  for (int i = 0; i < static_cast<int>(previewed.cells.size()); ++i) {
    const ExportCell& cell = previewed.cells[static_cast<std::size_t>(i)];
    const ImVec2 low = corner(cell.area.x, cell.area.y),
                 high = corner(cell.area.x + cell.area.width, cell.area.y + cell.area.height);
    studio.ui.map.note("export.cell." + std::to_string(i), low, high, ParamValue(std::int64_t{cell.sprite}));
    if (ImGui::IsMouseHoveringRect(low, high)) under = i;
    if (i == view.dragged || (i == under && (view.dragged >= 0 || cell.sprite >= 0)))
      list->AddRect(low, high, packed(i == view.dragged ? colour::quiet() : colour::chosen()), 0, 0, studio.ui.px(2));
  }
  if (ImGui::IsItemActivated() && under >= 0 && previewed.cells[static_cast<std::size_t>(under)].sprite >= 0) view.dragged = under;
  if (view.dragged < 0 || ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
  if (under >= 0 && under != view.dragged) swap_cells(studio, view.dragged, under);
  view.dragged = -1;
}

void draw_arrangement(Studio& studio) {
  Ui& ui = studio.ui;
  ExportView& view = studio.view.exporting;
  const auto& previewed = studio.mirror.exporting.previewed();
  const std::string why_not = !previewed || previewed->cells.empty() ? "There is no sheet" : "";
  if (action_button(ui, "export.empty_cell", "Add an empty cell", {0, 0}, why_not,
                    "Behind the others; drag sprites in the picture onto cells to change places"))
    add_empty_cell(studio);
  ImGui::SameLine();
  if (action_button(ui, "export.unarranged", "As they come", {0, 0}, view.cells.empty() ? "They are" : "",
                    "The order in which the sprites were made, without empty cells"))
    view.cells.clear();
}

// The sheet by whole pixels where it fits so.
void draw_picture(Studio& studio, float side) {
  Ui& ui = studio.ui;
  const auto& previewed = studio.mirror.exporting.previewed();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + side, at.y + side}, packed(colour::canvas()));
  ImGui::InvisibleButton("sheet", {side, side});
  if (!previewed || previewed->sheet.empty()) return;
  const Image& sheet = previewed->sheet;
  const float fit = side / static_cast<float>(std::max(sheet.width, sheet.height));
  const float zoom = std::min(kMostZoom, fit >= 1 ? std::floor(fit) : fit);
  const float width = static_cast<float>(sheet.width) * zoom, height = static_cast<float>(sheet.height) * zoom;
  const ImVec2 from{std::floor(at.x + (side - width) / 2), std::floor(at.y + (side - height) / 2)};
  const TextureArray& texture = ui.sprites.pictures("export.preview", studio.mirror.exporting.version(), {sheet});
  ui.sprites.show(
      texture, {{from.x, from.y, width, height, 0}},
      {.width = static_cast<float>(sheet.width), .height = static_cast<float>(sheet.height), .check_shift = 2, .zoom = zoom});
  ui.map.note("export.preview", from, {from.x + width, from.y + height},
              ParamValue(std::to_string(previewed->width) + "x" + std::to_string(previewed->height)));
  draw_cells(studio, *previewed, from, zoom);
}

void draw_preview(Studio& studio) {
  Ui& ui = studio.ui;
  const float side = ui.px(kPreviewSide);
  draw_picture(studio, side);
  draw_arrangement(studio);
  ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + side);
  const std::string why_not = why_not_export(studio);
  if (!why_not.empty()) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour::error());
    ImGui::TextUnformatted(why_not.c_str());
    ImGui::PopStyleColor();
  } else {
    const std::string summary = export_summary(studio);
    quiet_text(summary);
    ui.map.note("export.summary", ParamValue(summary));
    const auto& previewed = studio.mirror.exporting.previewed();
    if (previewed && !previewed->cells.empty()) quiet_text("Drag sprites onto other cells to change places");
  }
  ImGui::PopTextWrapPos();
}

void draw_options_page(Studio& studio) {
  Ui& ui = studio.ui;
  ImGui::BeginChild("options", {ui.px(kOptionsWidth), ui.px(kPageHeight)});
  draw_options(studio);
  ImGui::EndChild();
  ImGui::SameLine(0, ui.px(kBetween));
  ImGui::BeginChild("preview", {ui.px(kPreviewSide), ui.px(kPageHeight)});
  draw_preview(studio);
  ImGui::EndChild();
  const ImVec2 size{ui.px(170), ui.px(34)};
  if (main_button(ui, "export.run", "Export", size, why_not_export(studio), "Writes what is shown")) start_export(studio, false);
  ImGui::SameLine();
  if (action_button(ui, "export.close", "Close", size, {}, "What was chosen stays chosen (Esc)"))
    studio.view.exporting.page = Page::kClosed;
  ImGui::SameLine();
  // What came of the last one; the window's own notice is behind this one.
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
  const float told = notice_height(ui);
  draw_notice(studio, {at.x, at.y - std::floor((told - size.y) / 2), right - at.x, told});
}

void draw_replace_page(Studio& studio) {
  Ui& ui = studio.ui;
  ExportView& view = studio.view.exporting;
  constexpr std::size_t kMostNamed = 4;
  ImGui::TextUnformatted(view.there.size() == 1 ? "This file is there already" : "These files are there already");
  for (std::size_t i = 0; i < std::min(view.there.size(), kMostNamed); ++i) quiet_text(view.there[i]);
  if (view.there.size() > kMostNamed) quiet_text("and " + std::to_string(view.there.size() - kMostNamed) + " more");
  ImGui::Dummy({0, ui.px(8)});
  const ImVec2 size{ui.px(170), ui.px(34)};
  if (main_button(ui, "export.replace", "Replace", size, {}, "What they hold is lost")) {
    view.page = view.before;
    replace_export(studio);
  }
  ImGui::SameLine();
  if (action_button(ui, "export.cancel", "Cancel", size, {}, "Nothing is written (Esc)")) view.page = view.before;
}

}  // namespace

void open_export_dialog(Studio& studio) { studio.view.exporting.page = Page::kOptions; }

void draw_export_dialog(Studio& studio) {
  ExportView& view = studio.view.exporting;
  if (view.page == Page::kClosed && !ImGui::IsPopupOpen(kTitle)) return;
  if (view.page != Page::kClosed && !ImGui::IsPopupOpen(kTitle)) ImGui::OpenPopup(kTitle);
  const Ui& ui = studio.ui;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(22), ui.px(18)));
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  constexpr int kFlags =
      ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove;
  if (begin_modal(kTitle, kFlags)) {
    if (view.page == Page::kOptions)
      draw_options_page(studio);
    else if (view.page == Page::kReplace)
      draw_replace_page(studio);
    if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape)))
      view.page = view.page == Page::kReplace ? view.before : Page::kClosed;
    if (view.page == Page::kClosed) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace kiln
