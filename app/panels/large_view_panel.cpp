#include "app/panels/large_view_panel.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "app/panels/grid_panel.h"
#include "app/panels/repair_panel.h"
#include "app/panels/scenes.h"
#include "app/panels/shortcuts.h"
#include "app/state/colours.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr int kZoom = 12;
constexpr int kLinesFrom = 6;  // zoom from which there are lines between pixels
constexpr float kLines = 0.22f;
constexpr const char* kFirstBackground = "#306040";

// So that the panel around it does not scroll.
void take_wheel() {
#if IMGUI_VERSION_NUM < 18900
  ImGui::SetItemUsingMouseWheel();
#else
  ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
#endif
}

// Of the box, which is the last item.
void take_pointer(LargeView& view, ImVec2 at, ImVec2 box, const GeneratedBatch& batch, bool paints) {
  const ImGuiIO& io = ImGui::GetIO();
  if (!ImGui::IsItemHovered() && !ImGui::IsItemActive()) return;
  const int notches = static_cast<int>(io.MouseWheel);
  if (notches != 0) zoom_at(view, notches, io.MousePos.x - at.x, io.MousePos.y - at.y, box.x, box.y, batch.width, batch.height);
  if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Middle, 0))
    pan(view, io.MouseDelta.x, io.MouseDelta.y, box.x, box.y, batch.width, batch.height);
  if (!paints && ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) view = {.tile = view.tile};
}

void draw_box(Studio& studio, ImVec2 at, ImVec2 box) {
  Ui& ui = studio.ui;
  const GeneratedBatch& batch = studio.mirror.batch();
  const LargeView& view = studio.view.grid.large;
  const LargePlace place = place_in(view, box.x, box.y, batch.width, batch.height);
  const ImVec2 size{static_cast<float>(batch.width * place.zoom), static_cast<float>(batch.height * place.zoom)};
  const float layer = batch.has_pixels() ? static_cast<float>(studio.view.chosen) : -1;
  std::vector<SpriteQuad> quads;
  const int around = view.tile ? 1 : 0;
  for (int row = -around; row <= around; ++row) {
    for (int column = -around; column <= around; ++column) {
      quads.push_back({at.x + place.x + static_cast<float>(column) * size.x, at.y + place.y + static_cast<float>(row) * size.y,
                       size.x, size.y, layer});
    }
  }
  SpriteLook look = look_of(studio, batch.width, batch.height, place.zoom);
  look.check_shift = 0;
  look.grid_alpha = studio.settings.showing.pixel_grid && place.zoom >= kLinesFrom ? kLines : 0;
  ImGui::PushClipRect(at, {at.x + box.x, at.y + box.y}, true);
  ui.sprites.show(ui.sprites.batch(), std::move(quads), look);
  ui.map.note("sprite", {at.x + place.x, at.y + place.y}, {at.x + place.x + size.x, at.y + place.y + size.y},
              ParamValue(static_cast<std::int64_t>(studio.view.chosen)));
  if (studio.view.steer.repair.on) draw_repair_canvas(studio, {at.x + place.x, at.y + place.y}, place.zoom);
  ImGui::PopClipRect();
}

void draw_background(Studio& studio) {
  Ui& ui = studio.ui;
  std::string& background = studio.settings.showing.background;
  const NamedScene* scene = find_scene(background);
  const auto choice = [&](const char* label, const std::string& value, bool chosen) {
    if (ImGui::Selectable(label, chosen)) background = value;
    ui.map.note(std::string("grid.background.") + (value.empty() ? "checkerboard" : value[0] == '#' ? "colour" : value));
  };
  const bool one_colour = parse_hex(background).has_value();
  ImGui::SetNextItemWidth(ui.px(112));
  if (begin_combo(ui, "grid.background", scene ? scene->label : one_colour ? "One colour" : "Checkerboard", background)) {
    choice("Checkerboard", "", !scene && !one_colour);
    choice("One colour", one_colour ? background : kFirstBackground, one_colour);
    for (const NamedScene& one : scenes()) choice(one.label, one.id, scene == &one);
    ImGui::EndCombo();
  } else {
    ui.tooltips.show("What is behind transparent pixels, here and in the grid");
  }
  const auto colour = parse_hex(background);
  if (!colour) return;
  ImGui::SameLine();
  float rgb[3] = {static_cast<float>(colour->r) / 255, static_cast<float>(colour->g) / 255, static_cast<float>(colour->b) / 255};
  if (ImGui::ColorEdit3("##grid.colour", rgb, ImGuiColorEditFlags_NoInputs)) {
    const auto byte = [](float v) { return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0f, 1.0f) * 255)); };
    background = hex({byte(rgb[0]), byte(rgb[1]), byte(rgb[2])});
  }
  ui.map.note("grid.colour", ParamValue(background));
}

void draw_choices(Studio& studio) {
  Ui& ui = studio.ui;
  bool tile = studio.view.grid.large.tile;
  if (ImGui::Checkbox("Tiled", &tile)) toggle_tile(studio);
  ui.map.note("grid.tile", ParamValue(tile));
  ui.tooltips.show("Copies of the sprite around it, as on a map" + key_hint(studio, "tile"));
  ImGui::SameLine();
  ImGui::Checkbox("Grid", &studio.settings.showing.pixel_grid);
  ui.map.note("grid.pixel_grid", ParamValue(studio.settings.showing.pixel_grid));
  ui.tooltips.show("Lines between the pixels, where they are large enough" + key_hint(studio, "pixel_grid"));
  ImGui::SameLine();
  draw_background(studio);
}

}  // namespace

void toggle_tile(Studio& studio) {
  LargeView& view = studio.view.grid.large;
  view = {.tile = !view.tile};
}

void draw_large_view(Studio& studio, float width) {
  Ui& ui = studio.ui;
  const GeneratedBatch& batch = studio.mirror.batch();
  const int wanted = kZoom * std::max(1, static_cast<int>(ui.theme.scale));
  const int zoom = std::max(1, std::min(wanted, static_cast<int>(width) / std::max(batch.width, 1)));
  const ImVec2 box{width, static_cast<float>(std::max(1, batch.height * zoom))};
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton("large", box,
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle | ImGuiButtonFlags_MouseButtonRight);
  take_wheel();
  take_pointer(studio.view.grid.large, at, box, batch, studio.view.steer.repair.on);
  draw_box(studio, at, box);
  ui.map.note(
      "large", at, {at.x + box.x, at.y + box.y},
      ParamValue(static_cast<std::int64_t>(place_in(studio.view.grid.large, box.x, box.y, batch.width, batch.height).zoom)));
  draw_choices(studio);
}

}  // namespace kiln
