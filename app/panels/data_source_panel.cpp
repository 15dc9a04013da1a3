#include "app/panels/data_source_panel.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>

#include "app/panels/data_actions.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

void browse(Studio& studio, DataView::Browsing what, FileBrowser::Options options, const std::string& start) {
  studio.view.data.browsing = what;
  options.name = "data.browser";
  studio.view.data.browser.open(std::move(options), start.empty() ? fs::path() : typed_path(start));
}

bool usable(const fs::path& path) {
  const PathKind kind = kind_of(path);
  return kind == PathKind::kImage || kind == PathKind::kAseprite || kind == PathKind::kArray;
}

// A path with a button to find one; true when it was typed to its end.
bool path_row(Ui& ui, const std::string& name, std::string& path, const std::string& help, bool& find) {
  const float button = ui.px(76), gap = ui.px(6);
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - button - gap);
  const bool entered =
      ImGui::InputText(("##" + name).c_str(), &path, ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  ui.map.note(name, ParamValue(path));
  ui.tooltips.show(path.empty() ? help : path);
  ImGui::SameLine(0, gap);
  find = action_button(ui, name + ".browse", "Browse", {button, 0}, {}, help);
  return entered;
}

void draw_path(Studio& studio) {
  Ui& ui = studio.ui;
  DataSettings& settings = studio.settings.data;
  quiet_text("Folder, sheet or array of sprites");
  bool find = false;
  const bool entered = path_row(ui, "data.path", settings.path,
                                "A folder with one folder per class, a flat folder, a sheet, an Aseprite JSON file, or a .npy "
                                "array; or drop it on the window",
                                find);
  if (find) {
    browse(studio, DataView::Browsing::kSprites,
           {.title = "Open sprites", .name = {}, .takes_folders = true, .takes_file = usable, .use_folder = "Open this folder"},
           settings.browsed.empty() ? settings.path : settings.browsed);
  }
  if (entered && why_not_work(studio.mirror).empty()) open_typed_path(studio);
}

bool two_numbers(Ui& ui, const std::string& name, const std::string& label, const std::string& help, int& x, int& y, int least) {
  field_label(ui, label, help);
  const float gap = ui.px(6);
  const float width = std::floor((ImGui::GetContentRegionAvail().x - gap) / 2);
  const int before_x = x, before_y = y;
  ImGui::SetNextItemWidth(width);
  ImGui::InputInt(("##" + name + ".x").c_str(), &x, 1, 8);
  ui.map.note(name + ".x", ParamValue(static_cast<std::int64_t>(x)));
  ui.tooltips.show(help);
  ImGui::SameLine(0, gap);
  ImGui::SetNextItemWidth(width);
  ImGui::InputInt(("##" + name + ".y").c_str(), &y, 1, 8);
  ui.map.note(name + ".y", ParamValue(static_cast<std::int64_t>(y)));
  ui.tooltips.show(help);
  x = std::clamp(x, least, 1024);
  y = std::clamp(y, least, 1024);
  return x != before_x || y != before_y;
}

void draw_grid_options(Studio& studio) {
  Ui& ui = studio.ui;
  CellGrid& grid = studio.settings.data.grid;
  bool changed = two_numbers(ui, "data.grid.size", "Sprite size", "Width and height of one sprite on the sheet, in pixels",
                             grid.cell_width, grid.cell_height, 1);
  changed |= two_numbers(ui, "data.grid.offset", "Offset", "Pixels to the left of and above the first sprite", grid.offset_x,
                         grid.offset_y, 0);
  changed |= two_numbers(ui, "data.grid.spacing", "Spacing", "Pixels between two sprites", grid.spacing_x, grid.spacing_y, 0);
  if (changed && studio.view.data.sheet_open) studio.mirror.dataset.show_sheet(make_source(studio.settings.data));
}

void draw_array_options(Studio& studio) {
  Ui& ui = studio.ui;
  DataSettings& settings = studio.settings.data;
  quiet_text("Labels, another .npy array (may be left empty)");
  bool find = false;
  path_row(ui, "data.labels", settings.labels, "A whole number for each sprite, or a row of ones and zeros", find);
  if (find) {
    browse(studio, DataView::Browsing::kLabels,
           {.title = "Open labels",
            .name = {},
            .takes_folders = false,
            .takes_file = [](const fs::path& path) { return kind_of(path) == PathKind::kArray; },
            .use_folder = "Open"},
           typed_path(settings.path).parent_path().string());
  }
  field_label(ui, "Class names", "Of the labels 0, 1, …, separated by commas; without them classes are numbered");
  ImGui::InputText("##data.names", &settings.names);
  ui.map.note("data.names", ParamValue(settings.names));
}

void draw_options(Studio& studio, PathKind kind) {
  Ui& ui = studio.ui;
  DataSettings& settings = studio.settings.data;
  if (kind == PathKind::kFolder) {
    if (ImGui::Checkbox("Each image is a sheet of sprites##data.sheets", &settings.sheets) && !settings.sheets)
      studio.view.data.sheet_open = false;
    ui.map.note("data.sheets", ParamValue(settings.sheets));
  }
  if (kind == PathKind::kImage || (kind == PathKind::kFolder && settings.sheets)) draw_grid_options(studio);
  if (kind == PathKind::kArray) draw_array_options(studio);
}

void draw_open(Studio& studio, PathKind kind) {
  Ui& ui = studio.ui;
  const DataSettings& settings = studio.settings.data;
  std::string why_not = why_not_work(studio.mirror);
  if (why_not.empty() && settings.path.empty()) why_not = "Type a path, browse, or drop a folder on the window";
  const bool sheet = kind == PathKind::kImage || (kind == PathKind::kFolder && settings.sheets);
  const bool cutting = sheet && studio.view.data.sheet_open;
  if (why_not.empty() && cutting && studio.mirror.dataset.sheet_error()) why_not = "No sprite can be cut with this grid";
  const std::string label = cutting ? "Cut these sprites" : sheet ? "Show the sheet" : "Open";
  if (!action_button(ui, "data.open", label, {-FLT_MIN, ui.px(30)}, why_not,
                     "Reads the sprites and looks them over; nothing is changed on disk"))
    return;
  if (cutting)
    cut_sheet(studio);
  else
    open_typed_path(studio);
}

void draw_made_options(Studio& studio) {
  Ui& ui = studio.ui;
  DataSettings& settings = studio.settings.data;
  quiet_text("They are written into");
  std::string shown = sets_folder(settings).string();
  const std::string before = shown;
  bool find = false;
  path_row(ui, "data.made_in", shown, "A folder for the sets that the program makes", find);
  if (shown != before) settings.made_in = shown == default_sets_folder().string() ? std::string() : shown;
  if (find)
    browse(
        studio, DataView::Browsing::kMadeIn,
        {.title = "Where sets are written", .name = {}, .takes_folders = true, .takes_file = {}, .use_folder = "Use this folder"},
        shown);
  field_label(ui, "Drawn at", "Pixels of a starter sprite");
  for (const int size : {16, 32}) {
    const std::string text = std::to_string(size);
    if (ImGui::RadioButton(std::string(text).append("×").append(text).append("##data.starter_size").c_str(),
                           settings.starter_size == size))
      settings.starter_size = size;
    ui.map.note("data.starter_size." + text, ParamValue(settings.starter_size == size));
    if (size == 16) ImGui::SameLine();
  }
  field_label(ui, "Drawn as", "Whether the sprites of a starter set move");
  ImGui::Checkbox("animations##data.starter_animated", &settings.starter_animated);
  ui.map.note("data.starter_animated", ParamValue(settings.starter_animated));
  ui.tooltips.show(
      "Bouncing slimes, flames and walking figures, each in 4 to 6 frames: a model that is trained on them draws animations");
  slider_row(ui, "data.starter_count", "Of each class", settings.starter_count, 20, kMostStarterSprites, 100,
             "Starter sprites of each class", "%d sprites");
  int seed = static_cast<int>(settings.starter_seed);
  if (slider_row(ui, "data.starter_seed", "Seed", seed, 0, 9999, 0, "Another seed draws other sprites"))
    settings.starter_seed = seed;
}

void draw_made_sets(Studio& studio) {
  Ui& ui = studio.ui;
  const std::string why_not = why_not_work(studio.mirror);
  const float gap = ui.px(6);
  const float half = std::floor((ImGui::GetContentRegionAvail().x - gap) / 2);
  ImGui::AlignTextToFramePadding();
  quiet_text("Or something to train on at once");
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ui.px(70));
  fold(ui, "data.made", "Options", studio.view.data.made_open);
  if (action_button(ui, "data.starter", "Starter set", {half, ui.px(30)}, why_not,
                    "Draws sprites by program, class by class: no download, a few seconds"))
    draw_starter_set(studio);
  ImGui::SameLine(0, gap);
  if (action_button(ui, "data.dungeon32", "Dungeon tiles", {half, ui.px(30)}, why_not,
                    "The 32×32 tiles of Dungeon Crawl Stone Soup (CC0), from Debian's source package “crawl” by this machine's "
                    "apt: about 25 MB to download")) {
    fetch_dungeon_set(studio);
  }
  if (studio.view.data.made_open) draw_made_options(studio);
}

}  // namespace

void draw_data_source(Studio& studio) {
  Ui& ui = studio.ui;
  draw_path(studio);
  const PathKind kind = studio.view.data.kind.get(studio.settings.data.path, studio.view.disk_changes,
                                                  [](const std::string& typed) { return kind_of(typed_path(typed)); });
  draw_options(studio, kind);
  draw_open(studio, kind);
  ImGui::Dummy({0, ui.px(2)});
  draw_made_sets(studio);
}

void draw_data_browser(Studio& studio) {
  DataView& view = studio.view.data;
  const auto chosen = view.browser.draw(studio.ui);
  if (!chosen) return;
  DataSettings& settings = studio.settings.data;
  switch (std::exchange(view.browsing, DataView::Browsing::kNothing)) {
    case DataView::Browsing::kSprites:
      settings.browsed = view.browser.folder().string();
      open_sprites(studio, *chosen);
      break;
    case DataView::Browsing::kLabels:
      settings.labels = chosen->string();
      break;
    case DataView::Browsing::kMadeIn:
      settings.made_in = chosen->string();
      break;
    case DataView::Browsing::kSave:
      view.save_path = (*chosen / "sprites").string();
      break;
    case DataView::Browsing::kNothing:
      break;
  }
}

}  // namespace kiln
