#include "app/panels/data_tab.h"

#include <algorithm>

#include "app/panels/columns.h"
#include "app/panels/data_classes_panel.h"
#include "app/panels/data_grid_panel.h"
#include "app/panels/data_report_panel.h"
#include "app/panels/data_source_panel.h"

namespace kiln {
namespace {

constexpr float kLeftWidth = 364;
constexpr float kRightWidth = 336;
constexpr float kFootHeight = 102;

void draw_left(Studio& studio, Area rect) {
  begin_panel("data.source", rect);
  draw_data_source(studio);
  ImGui::Dummy({0, studio.ui.px(2)});
  ImGui::Separator();
  draw_data_classes(studio, ImGui::GetContentRegionAvail().y);
  draw_data_browser(studio);
  end_panel();
}

}  // namespace

std::vector<PanelBackground> draw_data_tab(Studio& studio, Area rect) {
  const ColumnWidth left = {"edge.data.left", kLeftWidth, 0.36f}, right = {"edge.data.right", kRightWidth, 0.32f};
  const Columns columns = columns_of(studio, rect, left, right);
  const float foot = studio.ui.px(kFootHeight);
  const Area source{rect.x, rect.y, columns.left.width, rect.height - foot};
  const Area below{rect.x, rect.y + source.height, columns.left.width, foot};
  draw_left(studio, source);
  draw_data_foot(studio, below);
  draw_data_grid(studio, columns.middle);
  draw_data_report(studio, columns.right);
  std::vector<PanelBackground> backgrounds = {{"data.source", source, colour::panel()},
                                              {"data.foot", below, colour::panel()},
                                              {"data.grid", columns.middle, colour::canvas()},
                                              {"data.report", columns.right, colour::panel()}};
  draw_edges(studio, columns, left, right, backgrounds);
  return backgrounds;
}

}  // namespace kiln
