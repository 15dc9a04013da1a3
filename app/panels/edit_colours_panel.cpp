#include "app/panels/edit_colours_panel.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "app/panels/edit_actions.h"
#include "app/panels/edit_variants.h"
#include "app/panels/frame.h"
#include "app/panels/palette_row.h"
#include "app/state/colours.h"
#include "app/widgets/fields.h"
#include "app/widgets/keys.h"
#include "engine/formats/palette_choice.h"

namespace kiln {
namespace {

constexpr float kSwatch = 22, kGap = 3;
constexpr int kMostRows = 9;  // of swatches; more are scrolled

Rgb8 rgb_of(const Rgba8& pixel) { return {pixel.r, pixel.g, pixel.b}; }
Rgba8 opaque(Rgb8 colour) { return {colour.r, colour.g, colour.b, 255}; }

void fill_swatch(ImDrawList* list, ImVec2 from, ImVec2 to, const Rgba8& pixel, float rounding) {
  if (pixel.a == 255) {
    list->AddRectFilled(from, to, IM_COL32(pixel.r, pixel.g, pixel.b, 255), rounding);
    return;
  }
  const ImVec2 middle{std::floor((from.x + to.x) / 2), std::floor((from.y + to.y) / 2)};
  list->AddRectFilled(from, to, IM_COL32(66, 68, 73, 255), rounding);
  list->AddRectFilled(from, middle, IM_COL32(110, 112, 118, 255));
  list->AddRectFilled(middle, to, IM_COL32(110, 112, 118, 255));
  if (pixel.a > 0) list->AddRectFilled(from, to, IM_COL32(pixel.r, pixel.g, pixel.b, pixel.a), rounding);
}

// A colour was chosen: to draw with, or as the one that is replaced.
void choose(Studio& studio, const Rgba8& pixel) {
  EditView& edit = studio.view.edit;
  if (std::exchange(edit.replacing, false)) {
    store_edit(studio, edit.editor.replace(pixel, edit.editor.kit.colour));
    return;
  }
  DrawingKit& kit = edit.editor.kit;
  kit.colour = pixel;
  if (kit.tool == EditTool::kEraser || kit.tool == EditTool::kPicker) kit.tool = EditTool::kPencil;
}

// The sprite as large as a game shows it, and twice and four times that.
void draw_sizes(Studio& studio, float width) {
  Ui& ui = studio.ui;
  const Image& image = studio.view.edit.editor.image();
  const auto scale = static_cast<float>(std::max(1, static_cast<int>(ui.theme.scale)));
  const float gap = ui.px(12), top = ImGui::GetCursorScreenPos().y;
  float x = ImGui::GetCursorScreenPos().x, height = 0;
  for (const float zoom : {1.0f, 2.0f, 4.0f}) {
    const ImVec2 size{static_cast<float>(image.width) * zoom * scale, static_cast<float>(image.height) * zoom * scale};
    if (x + size.x > ImGui::GetCursorScreenPos().x + width) break;
    ui.sprites.show(studio.view.edit.texture, {{x, top, size.x, size.y, 0}},
                    {.width = static_cast<float>(image.width),
                     .height = static_cast<float>(image.height),
                     .check_shift = check_shift(static_cast<int>(zoom)),
                     .zoom = zoom * scale});
    x += size.x + gap;
    height = size.y;
  }
  ImGui::Dummy({width, height});
}

void draw_colour_popup(Ui& ui, DrawingKit& kit) {
  if (!ImGui::BeginPopup("colour")) return;
  float rgb[3] = {static_cast<float>(kit.colour.r) / 255, static_cast<float>(kit.colour.g) / 255,
                  static_cast<float>(kit.colour.b) / 255};
  ImGui::SetNextItemWidth(ui.px(220));
  if (ImGui::ColorPicker3("##edit.picker_wheel", rgb, ImGuiColorEditFlags_NoSidePreview | ImGuiColorEditFlags_NoSmallPreview)) {
    const auto level = [](float value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255)); };
    kit.colour = {level(rgb[0]), level(rgb[1]), level(rgb[2]), 255};
  }
  ui.map.note("edit.colour_wheel");
  if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false)) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

std::optional<Rgb8> typed_hex(std::string text) {
  if (!text.empty() && text.front() == '#') text.erase(0, 1);
  if (text.size() != 6 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return {};
  const unsigned long value = std::stoul(text, nullptr, 16);
  return Rgb8{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 255),
              static_cast<std::uint8_t>(value & 255)};
}

// The current colour: a swatch that opens the wheel, and its hex number to type.
void draw_current(Studio& studio, float width) {
  Ui& ui = studio.ui;
  EditView& edit = studio.view.edit;
  DrawingKit& kit = edit.editor.kit;
  const float side = ImGui::GetFrameHeight();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  if (ImGui::InvisibleButton("current", {2 * side, side})) ImGui::OpenPopup("colour");
  ui.map.note("edit.colour_swatch");
  ui.tooltips.show("The colour to draw with: click to mix one");
  fill_swatch(ImGui::GetWindowDrawList(), at, {at.x + 2 * side, at.y + side}, kit.colour, ui.px(3));
  draw_colour_popup(ui, kit);
  ImGui::SameLine();
  ImGui::SetNextItemWidth(width - 2 * side - ImGui::GetStyle().ItemSpacing.x);
  const std::string shown = kit.colour == kTransparent ? "transparent" : hex(rgb_of(kit.colour));
  if (ImGui::InputText("##edit.colour", &edit.typed_colour, ImGuiInputTextFlags_AutoSelectAll)) {
    if (const auto typed = typed_hex(edit.typed_colour)) kit.colour = opaque(*typed);
  }
  if (!ImGui::IsItemActive()) edit.typed_colour = shown;
  ui.map.note("edit.colour", ParamValue(shown));
  ui.tooltips.show("As #rrggbb, to type");
}

std::string source_label(const EditPalette& palette, PaletteSource source) {
  if (source == PaletteSource::kSprite) return "The sprite's colours";
  if (source == PaletteSource::kBatch) return "All sprites' colours";
  if (source == PaletteSource::kModel) return "The model's palette";
  if (source == PaletteSource::kDataset) return "The data set's palette";
  return palette.file();
}

void draw_source(Studio& studio, float width) {
  Ui& ui = studio.ui;
  EditView& edit = studio.view.edit;
  EditPalette& palette = edit.palette;
  const float load = ui.px(76);
  ImGui::SetNextItemWidth(width - load - ImGui::GetStyle().ItemSpacing.x);
  if (begin_combo(ui, "palette.source", source_label(palette, palette.source), source_label(palette, palette.source))) {
    const auto entry = [&](const char* name, PaletteSource source) {
      if (ImGui::Selectable(source_label(palette, source).c_str(), palette.source == source)) palette.source = source;
      ui.map.note(name);
    };
    entry("palette.source.sprite", PaletteSource::kSprite);
    entry("palette.source.batch", PaletteSource::kBatch);
    if (studio.mirror.model() && !studio.mirror.model()->palette.colours.empty())
      entry("palette.source.model", PaletteSource::kModel);
    if (const DatasetReport* set = studio.mirror.dataset.report(); set && set->palette && !set->palette->colours.empty())
      entry("palette.source.dataset", PaletteSource::kDataset);
    if (!palette.file().empty()) entry("palette.source.file", PaletteSource::kFile);
    ImGui::EndCombo();
  }
  ImGui::SameLine();
  if (action_button(ui, "palette.load", "Load…", {load, 0}, {},
                    "A palette file: GIMP, Lospec, JASC, Adobe (.act), Aseprite, or a PNG of its colours"))
    edit.browser.open({.title = "Open a palette (.gpl .hex .pal .act .aseprite .png)",
                       .name = "palette.browser",
                       .takes_folders = false,
                       .takes_file = is_palette_file},
                      edit.browser.folder());
  if (const auto chosen = edit.browser.draw(ui)) load_palette(studio, *chosen);
}

// One colour of the palette: click to draw with it, drag it onto another to put it there.
void draw_swatch(Studio& studio, std::size_t index, ImVec2 at, float side) {
  Ui& ui = studio.ui;
  EditView& edit = studio.view.edit;
  const Rgb8 colour = edit.palette.colours()[index];
  ImGui::SetCursorScreenPos(at);
  ImGui::PushID(static_cast<int>(index));
  const bool clicked = ImGui::InvisibleButton("swatch", {side, side});
  if (ui.map.on()) ui.map.note("palette.swatch." + std::to_string(index), ParamValue(hex(colour)));
  const ImVec2 to{at.x + side, at.y + side};
  if (ImGui::BeginDragDropSource()) {
    ImGui::SetDragDropPayload("swatch", &index, sizeof index);
    const ImVec2 pointer = ImGui::GetCursorScreenPos();
    ImGui::Dummy({side, side});
    fill_swatch(ImGui::GetWindowDrawList(), pointer, {pointer.x + side, pointer.y + side}, opaque(colour), 0);
    ImGui::EndDragDropSource();
  } else {
    ui.tooltips.show(hex(colour) + ": click to draw with it, drag to reorder");
  }
  std::optional<std::size_t> dropped;
  if (ImGui::BeginDragDropTarget()) {
    if (const ImGuiPayload* payload = ImGui::AcceptDragDropPayload("swatch"))
      dropped = *static_cast<const std::size_t*>(payload->Data);
    ImGui::EndDragDropTarget();
  }
  ImGui::PopID();
  ImDrawList* list = ImGui::GetWindowDrawList();
  fill_swatch(list, at, to, opaque(colour), ui.px(2));
  if (edit.editor.kit.colour == opaque(colour)) {
    list->AddRect(at, to, IM_COL32(0, 0, 0, 255), ui.px(2), 0, ui.px(3));
    list->AddRect(at, to, packed(colour::chosen()), ui.px(2), 0, ui.px(1.5f));
  }
  if (dropped) {
    edit.palette.move(*dropped, index);
  } else if (clicked) {
    choose(studio, opaque(colour));
  }
}

void draw_swatches(Studio& studio, float width) {
  Ui& ui = studio.ui;
  EditView& edit = studio.view.edit;
  const float side = ui.px(kSwatch), gap = ui.px(kGap);
  const int columns = std::max(1, static_cast<int>((width + gap) / (side + gap)));
  const int cells = static_cast<int>(edit.palette.colours().size()) + 1;
  const int rows = (cells + columns - 1) / columns;
  const bool scrolls = rows > kMostRows;
  ImGui::BeginChild("swatches", {width, static_cast<float>(std::min(rows, kMostRows)) * (side + gap)}, false,
                    scrolls ? 0 : ImGuiWindowFlags_NoScrollbar);
  const int fitting = scrolls ? std::max(1, columns - 1) : columns;  // the scrollbar takes its place
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const auto cell = [&](int i) {
    const int column = i % fitting, row = i / fitting;
    return ImVec2{origin.x + static_cast<float>(column) * (side + gap), origin.y + static_cast<float>(row) * (side + gap)};
  };
  if (ImGui::InvisibleButton("transparent", {side, side})) choose(studio, kTransparent);
  ui.map.note("palette.transparent");
  ui.tooltips.show("Transparent");
  fill_swatch(ImGui::GetWindowDrawList(), origin, {origin.x + side, origin.y + side}, kTransparent, 0);
  if (edit.editor.kit.colour == kTransparent)
    ImGui::GetWindowDrawList()->AddRect(origin, {origin.x + side, origin.y + side}, packed(colour::chosen()), 0, 0, ui.px(1.5f));
  for (std::size_t i = 0; i < edit.palette.colours().size(); ++i) draw_swatch(studio, i, cell(static_cast<int>(i) + 1), side);
  ImGui::SetCursorScreenPos(cell(fitting * ((cells + fitting - 1) / fitting)));
  ImGui::EndChild();
}

void draw_palette_buttons(Studio& studio, float half) {
  Ui& ui = studio.ui;
  EditView& edit = studio.view.edit;
  const Rgba8& current = edit.editor.kit.colour;
  const std::string why_not_add = current == kTransparent             ? "Choose a colour first"
                                  : edit.palette.has(rgb_of(current)) ? "The palette has this colour"
                                                                      : "";
  if (action_button(ui, "palette.add", "Add colour", {half, 0}, why_not_add, "The current colour, to the palette that is shown"))
    edit.palette.add(rgb_of(current));
  ImGui::SameLine();
  if (action_button(ui, "palette.replace", edit.replacing ? "Cancel" : "Replace…", {half, 0}, {},
                    "Then click a colour: all its pixels in the sprite become the current colour"))
    edit.replacing = !edit.replacing;
}

// New sprites are made in exactly the colours that are shown.
void draw_lock(Studio& studio) {
  Ui& ui = studio.ui;
  const Palette shown = studio.view.edit.palette.shown();
  auto& chosen = std::get<std::string>(studio.settings.generate.shared_params["palette"]);
  const std::string colours = shown.colours.empty() ? "" : colours_text(shown);
  bool locked = !colours.empty() && chosen == colours;
  ImGui::BeginDisabled(colours.empty());
  if (ImGui::Checkbox("Generate in these colours", &locked)) chosen = locked ? colours : kModelPalette;
  ImGui::EndDisabled();
  ui.map.note("palette.lock", ParamValue(locked));
  ui.tooltips.show(
      "New sprites have these colours and no others, as “Colours” in the settings then says; off: the model's palette");
}

std::vector<int> all_places(const GeneratedBatch& batch) {
  std::vector<int> places(static_cast<std::size_t>(batch.count()));
  std::iota(places.begin(), places.end(), 0);
  return places;
}

// All shades become those of the palette that is shown.
void draw_swap(Studio& studio, float width) {
  Ui& ui = studio.ui;
  const EditPalette& palette = studio.view.edit.palette;
  const std::string why_not =
      palette.source == PaletteSource::kSprite ? "Choose another palette above, or load one: sprites then take its colours" : "";
  std::vector<int> selected = studio.view.grid.selection.places();
  std::erase_if(selected, [&](int place) { return place >= studio.mirror.batch().count(); });
  const bool several = selected.size() > 1;
  const float gap = ImGui::GetStyle().ItemSpacing.x, button = std::floor(several ? (width - 2 * gap) / 3 : (width - gap) / 2);
  quiet_text("Swap to this palette");
  const std::string help = "Shades become this palette's, matched by hue and lightness, in their order";
  if (action_button(ui, "palette.swap", several ? "This one" : "This sprite", {button, 0}, why_not, help))
    swap_palette(studio, {studio.view.edit.index});
  ImGui::SameLine();
  if (several) {
    if (action_button(ui, "palette.swap_selected", "Selected (" + std::to_string(selected.size()) + ")", {button, 0}, why_not,
                      help + "; the same in all that are selected in the grid"))
      swap_palette(studio, selected);
    ImGui::SameLine();
  }
  if (action_button(ui, "palette.swap_all", several ? "All" : "All sprites", {button, 0}, why_not,
                    help + "; the same in all sprites of the batch"))
    swap_palette(studio, all_places(studio.mirror.batch()));
}

}  // namespace

void draw_edit_colours_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("edit_colours", rect);
  const float width = ImGui::GetContentRegionAvail().x;
  const float half = std::floor((width - ImGui::GetStyle().ItemSpacing.x) / 2);
  draw_sizes(studio, width);
  ImGui::Dummy({0, ui.px(4)});
  draw_current(studio, width);
  ImGui::Dummy({0, ui.px(4)});
  draw_source(studio, width);
  draw_swatches(studio, width);
  draw_palette_buttons(studio, half);
  draw_lock(studio);
  ImGui::Dummy({0, ui.px(4)});
  ImGui::Separator();
  ImGui::Dummy({0, ui.px(2)});
  draw_swap(studio, width);
  ImGui::Dummy({0, ui.px(4)});
  draw_edit_variants(studio, width);
  end_panel();
}

}  // namespace kiln
