#include "app/panels/grid_panel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "app/panels/edit_actions.h"
#include "app/panels/exchange_actions.h"
#include "app/panels/frame.h"
#include "app/panels/grid_actions.h"
#include "app/panels/grid_pointer.h"
#include "app/panels/keep_star.h"
#include "app/panels/scenes.h"
#include "app/panels/shortcuts.h"
#include "app/state/colours.h"
#include "app/state/grid_layout.h"
#include "app/widgets/fields.h"
#include "app/widgets/overlap.h"

namespace kiln {
namespace {

constexpr int kMostZoom = 24;
constexpr float kMargin = 10, kGap = 9, kCaption = 26;
constexpr float kDragged = 64;  // design pixels
constexpr float kBandFrom = 5;  // design pixels: a shorter way is a click

GridLayout layout_in(const Ui& ui, const GeneratedBatch& batch, Area rect) {
  const float margin = ui.px(kMargin);
  return fit_grid(batch.count(), batch.width, batch.height, static_cast<int>(rect.width - 2 * margin),
                  static_cast<int>(rect.height - 2 * margin), static_cast<int>(ui.px(kGap)),
                  kMostZoom * std::max(1, static_cast<int>(ui.theme.scale)));
}

ImVec2 origin_of(const Ui& ui, Area rect) { return {rect.x + ui.px(kMargin), rect.y + ui.px(kMargin)}; }

void draw_sprites(Studio& studio, const TextureArray& texture, const GeneratedBatch& batch, const GridLayout& grid, ImVec2 origin) {
  std::vector<SpriteQuad> quads;
  quads.reserve(static_cast<std::size_t>(batch.count()));
  for (int i = 0; i < batch.count(); ++i) {
    quads.push_back({origin.x + static_cast<float>(grid.x(i)), origin.y + static_cast<float>(grid.y(i)),
                     static_cast<float>(grid.cell_width), static_cast<float>(grid.cell_height),
                     batch.has_pixels() ? static_cast<float>(i) : -1});
  }
  studio.ui.sprites.show(texture, std::move(quads), look_of(studio, batch.width, batch.height, grid.zoom));
}

// Of the canvas, which is the last item.
void take_pointer(Studio& studio, const GridLayout& grid, ImVec2 origin) {
  GridView& view = studio.view.grid;
  const ImGuiIO& io = ImGui::GetIO();
  const float x = io.MousePos.x - origin.x, y = io.MousePos.y - origin.y;
  const int count = studio.mirror.batch().count();
  if (ImGui::IsItemActivated()) {
    view.from_x = x;
    view.from_y = y;
    view.band = false;
    view.pressed = grid.at(x, y, count);
    view.outward = io.KeyAlt && view.pressed >= 0;
    view.selection.begin_band();
  }
  if (ImGui::IsItemActive()) {
    const bool far = std::hypot(x - view.from_x, y - view.from_y) > studio.ui.px(kBandFrom);
    if (view.outward && far) drag_sprite_out(studio, view.pressed);
    view.band = view.band || (far && !view.outward);
    if (view.band) view.selection.band(grid.under(view.from_x, view.from_y, x, y, count), io.KeyCtrl || io.KeyShift);
  }
  if (ImGui::IsItemDeactivated()) {
    if (!view.band && !studio.view.drags_out) click_cell(view.selection, view.pressed);
    view.band = view.outward = false;
  }
}

void draw_band(const Studio& studio, ImVec2 origin) {
  const GridView& view = studio.view.grid;
  if (!view.band) return;
  const ImVec2 from{origin.x + view.from_x, origin.y + view.from_y}, to = ImGui::GetIO().MousePos;
  const ImVec2 min{std::min(from.x, to.x), std::min(from.y, to.y)}, max{std::max(from.x, to.x), std::max(from.y, to.y)};
  ImVec4 tint = colour::running();
  tint.w = 0.15f;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(min, max, packed(tint));
  list->AddRect(min, max, packed(colour::running()), 0, 0, studio.ui.px(1));
}

// What is dragged, beside the pointer.
void draw_dragged(Studio& studio, const GeneratedBatch& batch) {
  const GridView& view = studio.view.grid;
  if (!view.outward || !studio.view.drags_out || !batch.has_pixels() || studio.exchange.why_not(ImageWay::kDrag)) return;
  const int zoom = std::max(1, static_cast<int>(studio.ui.px(kDragged)) / std::max(batch.width, batch.height));
  const ImVec2 at = ImGui::GetIO().MousePos;
  const float away = studio.ui.px(12), left = std::floor(at.x + away), top = std::floor(at.y + away);
  const auto width = static_cast<float>(batch.width * zoom), height = static_cast<float>(batch.height * zoom);
  studio.ui.sprites.show(studio.ui.sprites.batch(), {{left, top, width, height, static_cast<float>(view.pressed)}},
                         look_of(studio, batch.width, batch.height, zoom));
  draw_cell_frame(studio.ui, {left, top}, {left + width, top + height}, true, false, false);
}

void draw_batch(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const GeneratedBatch& batch = studio.mirror.batch();
  GridSelection& selection = studio.view.grid.selection;
  const GridLayout grid = layout_in(ui, batch, rect);
  const ImVec2 origin = origin_of(ui, rect);
  ImGui::SetCursorScreenPos({rect.x, rect.y});
  before_overlapped_item();
  ImGui::InvisibleButton("cells", {rect.width, rect.height});
  after_overlapped_item();
  const bool hovered = ImGui::IsItemHovered();
  take_pointer(studio, grid, origin);
  take_arrows(selection, grid.columns, batch.count());
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  const int under = hovered ? grid.at(pointer.x - origin.x, pointer.y - origin.y, batch.count()) : -1;
  std::vector<Area> cells;
  for (int i = 0; i < batch.count(); ++i) {
    const ImVec2 min{origin.x + static_cast<float>(grid.x(i)), origin.y + static_cast<float>(grid.y(i))};
    const ImVec2 max{min.x + static_cast<float>(grid.cell_width), min.y + static_cast<float>(grid.cell_height)};
    if (ui.map.on()) ui.map.note("grid." + std::to_string(i), min, max, ParamValue(describe(batch.condition(i))));
    draw_cell_frame(ui, min, max, selection.has(i), i == selection.current(), i == under);
    cells.push_back({min.x, min.y, max.x - min.x, max.y - min.y});
    if (batch.edited.contains(i))  // at the left: a star takes the right corner
      ImGui::GetWindowDrawList()->AddCircleFilled(min, ui.px(4), packed(colour::running()));
  }
  if (under >= 0 && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) open_editor(studio, under);
  draw_sprites(studio, ui.sprites.batch(), batch, grid, origin);
  draw_keep_stars(studio, cells);
  draw_band(studio, origin);
  draw_dragged(studio, batch);
}

void draw_previous(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const GeneratedBatch& before = studio.mirror.earlier();
  if (before.count() == 0 || !before.has_pixels()) {
    centred_text(rect, std::floor(rect.y + rect.height * 0.44f), "There is no batch before this one", colour::quiet());
    return;
  }
  const GridLayout grid = layout_in(ui, before, rect);
  const ImVec2 origin = origin_of(ui, rect);
  ImGui::SetCursorScreenPos({rect.x, rect.y});
  ImGui::InvisibleButton("before", {std::max(1.0f, rect.width), std::max(1.0f, rect.height)});
  ui.tooltips.show("Double click a sprite to draw on it");
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  const int under = ImGui::IsItemHovered() ? grid.at(pointer.x - origin.x, pointer.y - origin.y, before.count()) : -1;
  for (int i = 0; i < before.count(); ++i) {
    const ImVec2 min{origin.x + static_cast<float>(grid.x(i)), origin.y + static_cast<float>(grid.y(i))};
    const ImVec2 max{min.x + static_cast<float>(grid.cell_width), min.y + static_cast<float>(grid.cell_height)};
    draw_cell_frame(ui, min, max, false, false, i == under);
    if (ui.map.on()) ui.map.note("grid.before." + std::to_string(i), min, max, ParamValue(describe(before.condition(i))));
  }
  draw_sprites(studio, ui.sprites.previous(), before, grid, origin);
  if (under >= 0 && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) open_earlier(studio, under);
}

}  // namespace

SpriteLook look_of(const Studio& studio, int width, int height, int zoom) {
  SpriteLook look{.width = static_cast<float>(width),
                  .height = static_cast<float>(height),
                  .check_shift = check_shift(zoom),
                  .zoom = static_cast<float>(zoom)};
  if (const NamedScene* scene = find_scene(studio.settings.showing.background)) look.scene = &scene->colours;
  if (const auto colour = parse_hex(studio.settings.showing.background)) {
    look.backdrop =
        std::array{static_cast<float>(colour->r) / 255, static_cast<float>(colour->g) / 255, static_cast<float>(colour->b) / 255};
  }
  return look;
}

void draw_grid_panel(Studio& studio, Area rect) {
  const Ui& ui = studio.ui;
  if (!studio.view.grid.compare) return draw_batch(studio, rect);
  const float half = std::floor(rect.width / 2), caption = ui.px(kCaption);
  const Area left{rect.x, rect.y, half, rect.height}, right{rect.x + half, rect.y, rect.width - half, rect.height};
  centred_text(left, rect.y + ui.px(6), "Before", colour::quiet());
  centred_text(right, rect.y + ui.px(6), "Now", colour::text());
  ImGui::GetWindowDrawList()->AddLine({right.x, rect.y + ui.px(6)}, {right.x, rect.y + rect.height - ui.px(6)},
                                      packed(colour::line()), ui.px(1));
  draw_previous(studio, {left.x, left.y + caption, left.width, left.height - caption});
  draw_batch(studio, {right.x, right.y + caption, right.width, right.height - caption});
}

void draw_grid_toolbar(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  GridView& view = studio.view.grid;
  const std::size_t selected = view.selection.selected().size();
  const int count = studio.mirror.batch().count();
  const std::string sprites = std::to_string(count) + (count == 1 ? " sprite" : " sprites");
  const std::string text = selected == 0 ? sprites : std::to_string(selected) + " of " + std::to_string(count) + " selected";
  const float height = ui.px(28), y = rect.y + ui.px(7);
  ImGui::SetCursorScreenPos({rect.x + ui.px(16), y + std::floor((height - ImGui::GetFontSize()) / 2)});
  quiet_text(text);
  std::string places;
  for (const int place : view.selection.places()) places += (places.empty() ? "" : ",") + std::to_string(place);
  ui.map.note("grid.selection", ParamValue(places));
  const float regenerate = ui.px(104), remove = ui.px(74), undo = ui.px(64), compare = ui.px(92), gap = ui.px(6);
  float x = rect.x + rect.width - ui.px(12) - regenerate - remove - undo - compare - 3 * gap;
  const auto next = [&](float width) {
    ImGui::SetCursorScreenPos({x, y});
    x += width + gap;
    return ImVec2{width, height};
  };
  if (action_button(
          ui, "grid.regenerate", "Regenerate", next(regenerate), why_not_regenerate(studio),
          "The selected sprites with new seeds and the settings as they are; the others stay" + key_hint(studio, "regenerate"))) {
    regenerate_selected(studio);
  }
  if (action_button(ui, "grid.delete", "Delete", next(remove), why_not_delete(studio),
                    "Takes the selected sprites away" + key_hint(studio, "delete")))
    delete_selected(studio);
  if (action_button(ui, "grid.undo", "Undo", next(undo), studio.mirror.why_not_undo(),
                    "Takes back what was drawn, deleted or regenerated last" + key_hint(studio, "undo")))
    undo_change(studio, false);
  if (action_button(ui, "grid.compare", view.compare ? "Only this" : "Compare", next(compare), {},
                    "Shows the batch before beside this one" + key_hint(studio, "compare"))) {
    view.compare = !view.compare;
  }
}

}  // namespace kiln
