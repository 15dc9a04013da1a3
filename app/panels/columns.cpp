#include "app/panels/columns.h"

#include <algorithm>
#include <cmath>

namespace kiln {
namespace {

constexpr float kEdge = 5, kNarrowest = 200;  // design pixels
constexpr float kMostShare = 0.45f;

float width_of(const Studio& studio, const ColumnWidth& column, float total) {
  if (column.name.empty()) return 0;
  const auto chosen = studio.settings.panel_widths.find(column.name);
  if (chosen == studio.settings.panel_widths.end()) return std::floor(std::min(studio.ui.px(column.design), total * column.share));
  const float wanted = std::clamp(static_cast<float>(chosen->second), kNarrowest, 4000.0f);
  return std::floor(std::min(studio.ui.px(wanted), total * kMostShare));
}

// `outer`: where the column's other side is.
PanelBackground draw_edge(Studio& studio, const std::string& name, Area rect, float outer) {
  begin_panel(name.c_str(), rect, false);
  ImGui::InvisibleButton("edge", {rect.width, rect.height});
  studio.ui.map.note(name);
  const bool lit = ImGui::IsItemHovered() || ImGui::IsItemActive();
  if (lit) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
  if (lit && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    studio.settings.panel_widths.erase(name);
  } else if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
    const float width = std::abs(ImGui::GetIO().MousePos.x - outer) / studio.ui.theme.scale;
    studio.settings.panel_widths[name] = std::max(kNarrowest, std::floor(width));
  }
  end_panel();
  return {name, rect, lit ? colour::line() : colour::canvas()};
}

}  // namespace

Columns columns_of(const Studio& studio, Area rect, const ColumnWidth& left, const ColumnWidth& right) {
  const float first = width_of(studio, left, rect.width), last = width_of(studio, right, rect.width), edge = studio.ui.px(kEdge);
  const float first_edge = first > 0 ? edge : 0, last_edge = last > 0 ? edge : 0;
  const float from = rect.x + first + first_edge, end = rect.x + rect.width - last - last_edge;
  return {{rect.x, rect.y, first, rect.height},
          {rect.x + first, rect.y, first_edge, rect.height},
          {from, rect.y, end - from, rect.height},
          {end, rect.y, last_edge, rect.height},
          {end + last_edge, rect.y, last, rect.height}};
}

void draw_edges(Studio& studio, const Columns& columns, const ColumnWidth& left, const ColumnWidth& right,
                std::vector<PanelBackground>& backgrounds) {
  if (!left.name.empty()) backgrounds.push_back(draw_edge(studio, left.name, columns.left_edge, columns.left.x));
  if (!right.name.empty())
    backgrounds.push_back(draw_edge(studio, right.name, columns.right_edge, columns.right.x + columns.right.width));
}

}  // namespace kiln
