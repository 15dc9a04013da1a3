#include "app/panels/keep_star.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/gallery_actions.h"
#include "app/panels/shortcuts.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kSide = 22;
constexpr float kSmallestCell = 30;  // of design pixels: a smaller one is covered by its star

void draw_keep_star(Studio& studio, int index, Area cell) {
  Ui& ui = studio.ui;
  const float side = ui.px(kSide);
  const ImVec2 at{cell.x + cell.width - side - ui.px(2), cell.y + ui.px(2)};
  const bool over_cell = ImGui::IsMouseHoveringRect({cell.x, cell.y}, {cell.x + cell.width, cell.y + cell.height}) &&
                         ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
  const bool kept = is_kept(studio, index);
  if ((!kept && !over_cell) || cell.width < ui.px(kSmallestCell)) return;
  ImGui::SetCursorScreenPos(at);
  ImGui::PushID(index);
  const bool pressed = ImGui::InvisibleButton("grid.star", {side, side});
  ImGui::PopID();
  const bool hovered = ImGui::IsItemHovered();
  if (ui.map.on()) ui.map.note("grid.star." + std::to_string(index), ParamValue(kept));
  const std::string why_not = why_not_keep(studio, index), hint = hovered ? key_hint(studio, "keep") : "";
  ui.tooltips.show(!why_not.empty() ? why_not
                   : kept           ? "In the gallery; click to take it out" + hint
                                    : "Keep in the gallery" + hint);
  if (pressed && why_not.empty()) toggle_kept(studio, index);
  const ImVec2 centre{at.x + side / 2, at.y + side / 2};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircleFilled(centre, side / 2, IM_COL32(18, 19, 21, hovered ? 255 : 200));
  draw_star(list, centre, side * 0.36f, kept, packed(kept ? colour::star() : hovered ? colour::text() : colour::quiet()));
}

}  // namespace

void draw_star(ImDrawList& list, ImVec2 centre, float radius, bool filled, ImU32 ink) {
  constexpr int kPoints = 10;
  std::array<ImVec2, kPoints> points;
  for (int i = 0; i < kPoints; ++i) {
    const float angle = static_cast<float>(i) * 2 * 3.14159265f / kPoints - 3.14159265f / 2;
    const float r = i % 2 == 0 ? radius : radius * 0.45f;
    points[static_cast<std::size_t>(i)] = {centre.x + r * std::cos(angle), centre.y + r * std::sin(angle)};
  }
  for (std::size_t i = 0; filled && i < kPoints; ++i) list.AddTriangleFilled(centre, points[i], points[(i + 1) % kPoints], ink);
  list.AddPolyline(points.data(), kPoints, ink, ImDrawFlags_Closed, std::max(1.0f, std::floor(radius / 5)));
}

void toggle_selected_kept(Studio& studio) {
  std::vector<int> places = studio.view.grid.selection.places();
  if (places.size() < 2) return toggle_kept(studio, studio.view.chosen);
  const bool all = std::all_of(places.begin(), places.end(), [&](int place) { return is_kept(studio, place); });
  if (!all) {
    for (const int place : places) {
      if (!is_kept(studio, place)) toggle_kept(studio, place);
    }
    return;
  }
  GalleryView& view = studio.view.gallery;
  std::vector<std::string> files;  // together, so that they come back together
  for (const int place : places) {
    const std::string& key = view.batch_keys[static_cast<std::size_t>(place)];
    const auto kept = view.kept.find(key);
    if (kept == view.kept.end() || view.asked.contains(key)) continue;
    view.asked[key] = false;
    files.push_back(kept->second);
  }
  if (!files.empty()) studio.gallery.remove(files);
}

void draw_keep_stars(Studio& studio, const std::vector<Area>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) draw_keep_star(studio, static_cast<int>(i), cells[i]);
}

}  // namespace kiln
