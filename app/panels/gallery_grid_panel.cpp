#include "app/panels/gallery_grid_panel.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/panels/exchange_actions.h"
#include "app/panels/frame.h"
#include "app/panels/gallery_actions.h"
#include "app/panels/grid_pointer.h"
#include "app/panels/keep_star.h"
#include "app/panels/notice_bar.h"
#include "app/panels/shortcuts.h"
#include "app/widgets/fields.h"
#include "app/widgets/keys.h"

namespace kiln {
namespace {

constexpr float kBarHeight = 48;
constexpr float kStatusHeight = 40;
constexpr float kMargin = 14;
constexpr float kDragFrom = 5;  // design pixels: a shorter way is a click
constexpr const char* kOrders[] = {"Newest first", "Oldest first", "By class", "By model", "By name"};

// Brings the places of what matches up to date.
void follow(GalleryView& view) {
  const std::string of =
      view.search + '\n' + view.collection + '\n' + (view.starred_only ? '*' : ' ') + std::to_string(static_cast<int>(view.order));
  if (view.places_version == view.shown->version && view.places_of == of) return;
  view.to_top |= view.places_of != of;
  view.places = chosen_items(view.shown->items, view.search, view.starred_only, view.collection, view.order);
  view.places_version = view.shown->version;
  view.places_of = of;
  find_selection(view);
}

void take_keys(Studio& studio, int columns) {
  GalleryView& view = studio.view.gallery;
  const int count = static_cast<int>(view.places.size());
  bool changed = true;
  if (key_typed(ImGuiKey_Escape) && !studio.mirror.busy() && !view.selected.empty()) {
    view.selection.clear();
  } else if (take_arrows(view.selection, columns, count)) {
    if (view.chosen.empty()) view.selection.select(0);
    view.to_chosen = true;
  } else {
    changed = false;
  }
  if (changed) take_selection(view);
}

void draw_order(Ui& ui, GalleryView& view) {
  const auto now = static_cast<std::size_t>(view.order);
  if (begin_combo(ui, "gallery.order", kOrders[now], kGalleryOrders[now])) {
    for (std::size_t i = 0; i < std::size(kOrders); ++i) {
      if (ImGui::Selectable(kOrders[i], i == now)) view.order = static_cast<GalleryOrder>(i);
      ui.map.note(std::string("gallery.order.") + kGalleryOrders[i]);
    }
    ImGui::EndCombo();
  }
}

void draw_collections(Ui& ui, GalleryView& view) {
  const auto& names = view.shown->collections;
  if (std::find(names.begin(), names.end(), view.collection) == names.end()) view.collection.clear();
  ImGui::BeginDisabled(names.empty());
  if (begin_combo(ui, "gallery.collection", view.collection.empty() ? "All collections" : view.collection, view.collection)) {
    if (ImGui::Selectable("All collections", view.collection.empty())) view.collection.clear();
    ui.map.note("gallery.collection.all");
    for (const std::string& name : names) {
      if (ImGui::Selectable((name + "##collection").c_str(), name == view.collection)) view.collection = name;
      ui.map.note("gallery.collection." + name);
    }
    ImGui::EndCombo();
  }
  ImGui::EndDisabled();
  ui.tooltips.show(names.empty() ? "There is no collection yet: put a sprite into one on the right"
                                 : "Only those in one collection");
}

void draw_bar(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  GalleryView& view = studio.view.gallery;
  const float y = rect.y + std::floor((rect.height - ImGui::GetFrameHeight()) / 2), gap = ui.px(10);
  const float slider = ui.px(110), combo = ui.px(140), star = ui.px(92);
  const float search = std::clamp(rect.width - 2 * ui.px(kMargin) - slider - 2 * combo - star - 4 * gap, ui.px(120), ui.px(360));
  ImGui::SetCursorScreenPos({rect.x + ui.px(kMargin), y});
  ImGui::SetNextItemWidth(search);
  ImGui::InputTextWithHint("##gallery.search", "Search class, model, date, words", &view.search);
  ui.map.note("gallery.search", ParamValue(view.search));
  ui.tooltips.show("All these words, anywhere in a sprite's class, model, date, file name, colours (#a0b1c2) or settings");
  ImGui::SameLine(0, gap);
  ImGui::SetNextItemWidth(combo);
  draw_order(ui, view);
  ImGui::SameLine(0, gap);
  ImGui::SetNextItemWidth(combo);
  draw_collections(ui, view);
  ImGui::SameLine(0, gap);
  ImGui::Checkbox("Starred##gallery.starred", &view.starred_only);
  ui.map.note("gallery.starred", ParamValue(view.starred_only));
  ImGui::SetCursorScreenPos({rect.x + rect.width - ui.px(kMargin) - slider, y});
  ImGui::SetNextItemWidth(slider);
  ImGui::SliderInt("##gallery.cell", &studio.settings.gallery.cell, kSmallestCell, kLargestCell, "size %d",
                   ImGuiSliderFlags_AlwaysClamp);
  ui.map.note("gallery.cell", ParamValue(static_cast<std::int64_t>(studio.settings.gallery.cell)));
}

void draw_cell(Studio& studio, const GalleryItem& item, std::size_t place, ImVec2 at, float side) {
  Ui& ui = studio.ui;
  GalleryView& view = studio.view.gallery;
  ImGui::SetCursorScreenPos(at);
  ImGui::PushID(static_cast<int>(place));
  if (ImGui::InvisibleButton("item", {side, side})) {
    click_cell(view.selection, static_cast<int>(place));
    take_selection(view);
  }
  ImGui::PopID();
  if (ImGui::IsItemActive() && ImGui::GetIO().KeyAlt && ImGui::IsMouseDragging(ImGuiMouseButton_Left, ui.px(kDragFrom)))
    drag_kept_out(studio, item);
  if (ui.map.on()) ui.map.note("gallery.item." + std::to_string(place), ParamValue(item.file));
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) {
    ui.tooltips.show(item.file + (item.class_name.empty() ? "" : "\n" + display_name(item.class_name)) +
                     (item.problem.empty() ? "" : "\n" + item.problem));
  }
  const ImGuiIO& io = ImGui::GetIO();
  if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && !io.KeyCtrl && !io.KeyShift && !item.recipe.empty())
    use_settings_of(studio, view.shown->folder + "/" + item.file);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  draw_cell_frame(ui, at, {at.x + side, at.y + side}, view.selection.has(static_cast<int>(place)), item.file == view.chosen,
                  hovered);
  if (item.thumbnail.empty()) {
    list.AddRect(at, {at.x + side, at.y + side}, packed(colour::line()));
    list.AddText({at.x + ui.px(4), at.y + ui.px(4)}, packed(colour::error()), "!");
  }
}

// Only the rows that can be seen are gone through.
void draw_items(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  GalleryView& view = studio.view.gallery;
  const auto& items = view.shown->items;
  const SpritePages::ImageOf image_of = [&](std::size_t i) -> const Image& { return items[i].thumbnail; };
  ImGui::SetCursorScreenPos({rect.x, rect.y});
  ImGui::BeginChild("gallery.items", {rect.width, rect.height}, false);
  if (std::exchange(view.to_top, false)) ImGui::SetScrollY(0);
  const float side = ui.px(static_cast<float>(studio.settings.gallery.cell)), gap = ui.px(8), step = side + gap;
  const float left = rect.x + ui.px(kMargin), space = rect.width - 2 * ui.px(kMargin) - ImGui::GetStyle().ScrollbarSize;
  const auto columns = static_cast<std::size_t>(std::max(1.0f, std::floor((space + gap) / step)));
  const std::size_t rows = (view.places.size() + columns - 1) / columns;
  take_keys(studio, static_cast<int>(columns));
  if (std::exchange(view.to_chosen, false)) {
    const std::size_t row = static_cast<std::size_t>(view.selection.current()) / columns;
    const float y = static_cast<float>(row) * step;
    ImGui::SetScrollY(std::min(y, std::max(ImGui::GetScrollY(), y + step + ui.px(8) - rect.height)));
  }
  const float top = ImGui::GetCursorScreenPos().y + ui.px(4);
  const float clip_top = ImGui::GetWindowDrawList()->GetClipRectMin().y,
              clip_bottom = ImGui::GetWindowDrawList()->GetClipRectMax().y;
  const auto row_at = [&](float y) { return static_cast<std::size_t>(std::clamp(y, 0.0f, static_cast<float>(rows))); };
  const std::size_t first = row_at(std::floor((clip_top - top) / step)), last = row_at(std::ceil((clip_bottom - top) / step));
  std::vector<PlacedSprite> placed;
  std::vector<ImVec2> stars;
  for (std::size_t i = first * columns; i < std::min(view.places.size(), last * columns); ++i) {
    const GalleryItem& item = items[view.places[i]];
    const std::size_t column = i % columns, row = i / columns;
    const ImVec2 at{left + static_cast<float>(column) * step, top + static_cast<float>(row) * step};
    placed.push_back({view.places[i], at.x, at.y, side});
    draw_cell(studio, item, i, at, side);
    if (item.starred) stars.push_back({at.x + side - ui.px(9), at.y + ui.px(9)});
  }
  if (ImGui::IsWindowHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !ImGui::IsAnyItemHovered()) {
    click_cell(view.selection, -1);
    take_selection(view);
  }
  ImGui::SetCursorScreenPos({rect.x, top + static_cast<float>(rows) * step});
  ImGui::Dummy({1, 1});
  view.pages.show(ui.sprites, image_of, placed);
  for (const ImVec2& star : stars) {
    ImGui::GetWindowDrawList()->AddCircleFilled(star, ui.px(9), IM_COL32(18, 19, 21, 200));
    draw_star(*ImGui::GetWindowDrawList(), star, ui.px(6), true, packed(colour::star()));
  }
  ImGui::EndChild();
}

void draw_empty(const Studio& studio, Area rect) {
  const GalleryView& view = studio.view.gallery;
  const float y = std::floor(rect.y + rect.height * 0.42f), line = ImGui::GetFontSize() * 1.7f;
  if (!view.shown) {
    centred_text(rect, y, "The gallery is being read…", colour::text());
  } else if (!view.shown->items.empty()) {
    centred_text(rect, y, "Nothing matches", colour::text());
    centred_text(rect, y + line, "fewer words find more", colour::quiet());
  } else {
    centred_text(rect, y, "The sprites that you keep are here", colour::text());
    centred_text(rect, y + line, "click the star on a sprite in the Generate tab, or press S there", colour::quiet());
  }
}

void draw_status(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const GalleryView& view = studio.view.gallery;
  if (!view.shown) return;
  const std::size_t all = view.shown->items.size(), matching = view.places.size();
  std::string text = std::to_string(all) + (all == 1 ? " sprite" : " sprites");
  if (matching != all) text = std::to_string(matching) + " of " + text;
  if (view.selected.size() > 1) text += "  ·  " + std::to_string(view.selected.size()) + " selected";
  ImGui::GetWindowDrawList()->AddText({rect.x + ui.px(kMargin), rect.y + ui.px(12)}, packed(colour::quiet()), text.c_str());
  const ImVec2 at{rect.x + ui.px(kMargin), rect.y};
  ui.map.note("gallery.count", at, {at.x + ui.px(100), at.y + rect.height}, ParamValue(static_cast<std::int64_t>(matching)));
  if (!view.shown->can_undo) return;
  const float width = ui.px(110);
  ImGui::SetCursorScreenPos({rect.x + rect.width - width - ui.px(kMargin), rect.y + ui.px(7)});
  if (action_button(ui, "gallery.undo", "Undo delete", {width, ui.px(26)}, {},
                    "Brings back what was deleted last" + key_hint(studio, "undo")))
    undo_remove(studio);
}

}  // namespace

void draw_gallery_grid(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  GalleryView& view = studio.view.gallery;
  const float bar = ui.px(kBarHeight), status = ui.px(kStatusHeight), told = notice_height(ui);
  begin_panel("gallery.grid", rect, false);
  const Area middle{rect.x, rect.y + bar, rect.width, rect.height - bar - status - told};
  if (view.shown) {
    draw_bar(studio, {rect.x, rect.y, rect.width, bar});
    follow(view);
    const auto& items = view.shown->items;
    view.pages.follow(view.shown->version, items.size(), [&](std::size_t i) -> const Image& { return items[i].thumbnail; });
  }
  if (view.shown && !view.places.empty())
    draw_items(studio, middle);
  else
    draw_empty(studio, middle);
  draw_notice(studio, {rect.x, middle.y + middle.height, rect.width, told});
  draw_status(studio, {rect.x, middle.y + middle.height + told, rect.width, status});
  end_panel();
}

}  // namespace kiln
