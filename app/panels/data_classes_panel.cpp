#include "app/panels/data_classes_panel.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "app/panels/data_actions.h"
#include "app/panels/frame.h"
#include "app/widgets/fields.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

constexpr float kRowHeight = 26;

void show_class(DataView& view, const std::string& name) {
  view.class_name = name;
  view.finding.reset();
  view.sheet_open = false;
}

// A class's menu. True when it changed `preprocessing`.
bool draw_menu(Studio& studio, const std::string& name, Preprocessing& preprocessing) {
  Ui& ui = studio.ui;
  DataView& view = studio.view.data;
  const DatasetReport& report = *studio.mirror.dataset.report();
  bool changed = false;
  quiet_text("Rename “" + display_name(name) + "”; a name that is there merges both");
  ImGui::SetNextItemWidth(ui.px(180));
  const bool entered = ImGui::InputText("##data.class_name", &view.new_name,
                                        ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  ui.map.note("data.class_name", ParamValue(view.new_name));
  ImGui::SameLine();
  const bool merges = view.new_name != name && std::any_of(report.classes.begin(), report.classes.end(),
                                                           [&](const ClassCount& entry) { return entry.name == view.new_name; });
  const std::string plain(trimmed(view.new_name));
  const std::string why_not = plain.empty()   ? "Type a name"
                              : plain == name ? "This is its name"
                              : plain.find_first_of("/,=") != std::string::npos
                                  ? "A class's name has no slash, comma or equals sign"
                                  : "";
  if (action_button(ui, "data.class_rename", merges ? "Merge" : "Rename", {ui.px(76), 0}, why_not) ||
      (entered && why_not.empty())) {
    rename_class(preprocessing, name, plain, studio.mirror.dataset.original_classes());
    if (view.class_name == name) view.class_name = plain;
    changed = true;
  }
  const auto& own = report.flip_classes;
  const bool by_set = std::find(own.begin(), own.end(), name) != own.end() && !may_flip(preprocessing, name);
  bool flips = by_set || may_flip(preprocessing, name);
  ImGui::BeginDisabled(by_set);
  if (ImGui::Checkbox("May be mirrored in training##data.class_flip", &flips)) {
    set_flip(preprocessing, name, flips, report.classes);
    changed = true;
  }
  ui.map.note("data.class_flip", ParamValue(flips));
  ImGui::EndDisabled();
  ui.tooltips.show(
      by_set ? "The set's own spritekiln.json says so"
             : "Left and right exchanged, at random: twice the variety for sprites whose light or handedness does not matter");
  const std::string why_keep = report.classes.size() < 2 ? "It is the only class" : "";
  if (action_button(ui, "data.class_drop", "Leave this class out", {0, 0}, why_keep)) {
    rename_class(preprocessing, name, "", studio.mirror.dataset.original_classes());
    if (view.class_name == name) view.class_name.clear();
    changed = true;
  }
  if (changed || ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape))) ImGui::CloseCurrentPopup();
  return changed;
}

// Name, bar, number; returns whether it was clicked.
bool draw_row(Studio& studio, const std::string& widget, const std::string& text, int count, int most, bool chosen, bool flips,
              float width) {
  Ui& ui = studio.ui;
  const ImVec2 size{width, ui.px(kRowHeight)};
  const bool pressed = ImGui::InvisibleButton(widget.c_str(), size);
  ui.map.note(widget, ParamValue(static_cast<std::int64_t>(count)));
  const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (chosen || ImGui::IsItemHovered())
    list->AddRectFilled(min, max, ImGui::GetColorU32(chosen ? ImGuiCol_Header : ImGuiCol_FrameBgHovered), ui.px(3));
  const float y = std::floor(min.y + (size.y - ImGui::GetFontSize()) / 2);
  const std::string number = std::to_string(count);
  const float number_width = ui.px(48), names = std::floor(width * 0.46f);
  list->PushClipRect(min, {min.x + names - ui.px(4), max.y}, true);
  list->AddText({min.x + ui.px(8), y}, packed(colour::text()), text.c_str());
  list->PopClipRect();
  const float bar_from = min.x + names, bar_to = max.x - number_width - ui.px(4);
  if (most > 0) {
    const float part = std::max(ui.px(2), (bar_to - bar_from) * static_cast<float>(count) / static_cast<float>(most));
    list->AddRectFilled({bar_from, min.y + ui.px(9)}, {bar_from + part, max.y - ui.px(9)}, packed(colour::quiet()), ui.px(2));
  }
  list->AddText({max.x - ui.px(6) - ImGui::CalcTextSize(number.c_str()).x, y}, packed(colour::quiet()), number.c_str());
  if (flips)
    list->AddText(ui.theme.small, ui.theme.small->FontSize, {bar_to - ui.px(34), y + ui.px(1)}, packed(colour::text()), "flips");
  return pressed;
}

bool draw_class(Studio& studio, const ClassCount& entry, int most, Preprocessing& preprocessing) {
  Ui& ui = studio.ui;
  DataView& view = studio.view.data;
  const DatasetReport& report = *studio.mirror.dataset.report();
  const float menu = ui.px(26);
  const float width = ImGui::GetContentRegionAvail().x - menu - ui.px(2);
  const auto& flips = report.flip_classes;
  const bool may =
      std::find(flips.begin(), flips.end(), entry.name) != flips.end() || std::find(flips.begin(), flips.end(), "*") != flips.end();
  const bool chosen = view.class_name == entry.name && !view.finding;
  if (draw_row(studio, "data.class." + entry.name, display_name(entry.name), entry.count, most, chosen, may, width))
    show_class(view, chosen ? "" : entry.name);
  ui.tooltips.show(chosen ? "Click again for all classes" : "");
  ImGui::SameLine(0, ui.px(2));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, 0));
  const std::string popup = "menu." + entry.name;
  if (action_button(ui, "data.class_menu." + entry.name, "…", {menu, ui.px(kRowHeight)}, {}, "Rename, merge, mirror, leave out")) {
    view.renaming = view.new_name = entry.name;
    ImGui::OpenPopup(popup.c_str());
  }
  ImGui::PopStyleVar();
  bool changed = false;
  if (ImGui::BeginPopup(popup.c_str())) {
    changed = draw_menu(studio, entry.name, preprocessing);
    ImGui::EndPopup();
  }
  return changed;
}

// Classes that were left out, to bring back.
bool draw_left_out(Studio& studio, Preprocessing& preprocessing) {
  Ui& ui = studio.ui;
  bool changed = false;
  for (const std::string& name : std::vector<std::string>(preprocessing.drop_classes)) {
    ImGui::AlignTextToFramePadding();
    quiet_text(display_name(name) + ", left out");
    ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ui.px(60));
    if (action_button(ui, "data.class_back." + name, "Back", {ui.px(60), 0}, {}, "Use this class after all")) {
      std::erase(preprocessing.drop_classes, name);
      changed = true;
    }
  }
  return changed;
}

}  // namespace

void draw_data_classes(Studio& studio, float height) {
  Ui& ui = studio.ui;
  DatasetMirror& set = studio.mirror.dataset;
  if (!set.report()) return;
  const DatasetReport& report = *set.report();
  int most = 0;
  for (const ClassCount& entry : report.classes) most = std::max(most, entry.count);
  Preprocessing preprocessing = set.preprocessing();
  bool changed = false;
  ImGui::BeginChild("data.classes", {0, std::max(height, ui.px(120))}, false);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(ui.px(8), ui.px(1)));
  DataView& view = studio.view.data;
  const std::string all = report.classes.size() == 1 ? "All sprites" : "All " + std::to_string(report.classes.size()) + " classes";
  if (draw_row(studio, "data.all", all, report.sprites, 0, view.class_name.empty() && !view.finding, false,
               ImGui::GetContentRegionAvail().x - ui.px(28)))
    show_class(view, "");
  for (const ClassCount& entry : report.classes) changed |= draw_class(studio, entry, most, preprocessing);
  changed |= draw_left_out(studio, preprocessing);
  ImGui::PopStyleVar();
  ImGui::EndChild();
  if (changed) set.set_preprocessing(preprocessing);
}

void draw_data_foot(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  DatasetMirror& set = studio.mirror.dataset;
  DataView& view = studio.view.data;
  begin_panel("data.foot", rect);
  const bool any = set.report() && set.report()->sprites > 0;
  const float gap = ui.px(6), browse = ui.px(76), save = ui.px(66);
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - browse - save - 2 * gap);
  ImGui::InputTextWithHint("##data.save_path", "Save as a folder…", &view.save_path);
  ui.map.note("data.save_path", ParamValue(view.save_path));
  ui.tooltips.show("A new folder for the sprites as they are now: one folder per class, PNG files");
  ImGui::SameLine(0, gap);
  if (action_button(ui, "data.save_path.browse", "Browse", {browse, 0}, {}, "Choose the folder that the new one goes into")) {
    view.browsing = DataView::Browsing::kSave;
    view.browser.open({.title = "Save into",
                       .name = "data.browser",
                       .takes_folders = true,
                       .takes_file = {},
                       .use_folder = "Save into this folder"},
                      view.save_path.empty() ? studio.settings.data.browsed : view.save_path);
  }
  ImGui::SameLine(0, gap);
  const std::string why_not = !any                              ? "Open a set of sprites first"
                              : set.busy()                      ? "The set is being read"
                              : trimmed(view.save_path).empty() ? "Type the name of a new folder first"
                                                                : "";
  if (action_button(ui, "data.save", "Save", {save, 0}, why_not)) set.save_as(typed_path(view.save_path).string());
  ImGui::Dummy({0, ui.px(2)});
  if (main_button(ui, "data.train", "Train on these →", {-FLT_MIN, ui.px(38)}, set.why_not_ready(),
                  "Goes to the Train tab with this set")) {
    studio.view.train.data.clear();
    studio.view.tab = Tab::kTrain;
  }
  end_panel();
}

}  // namespace kiln
