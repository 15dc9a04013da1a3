#include "app/panels/data_tab.h"

#include <algorithm>

#include "app/panels/data_classes_panel.h"
#include "app/panels/data_grid_panel.h"
#include "app/panels/data_report_panel.h"
#include "app/panels/data_source_panel.h"

namespace kiln {
namespace {

constexpr float kLeftWidth = 364;
constexpr float kRightWidth = 336;
constexpr float kFootHeight = 102;

void draw_left(Studio& studio, Rect rect) {
  begin_panel("data.source", rect);
  draw_data_source(studio);
  ImGui::Dummy({0, studio.ui.px(2)});
  ImGui::Separator();
  draw_data_classes(studio, ImGui::GetContentRegionAvail().y);
  draw_data_browser(studio);
  end_panel();
}

}  // namespace

std::vector<PanelBackground> draw_data_tab(Studio& studio, Rect rect) {
  const Ui& ui = studio.ui;
  const float left = std::min(ui.px(kLeftWidth), rect.width * 0.36f), right = std::min(ui.px(kRightWidth), rect.width * 0.32f),
              foot = ui.px(kFootHeight);
  const Rect source{rect.x, rect.y, left, rect.height - foot};
  const Rect below{rect.x, rect.y + source.height, left, foot};
  const Rect grid{rect.x + left, rect.y, rect.width - left - right, rect.height};
  const Rect report{rect.x + rect.width - right, rect.y, right, rect.height};
  draw_left(studio, source);
  draw_data_foot(studio, below);
  draw_data_grid(studio, grid);
  draw_data_report(studio, report);
  return {{"data.source", source, colour::kPanel},
          {"data.foot", below, colour::kPanel},
          {"data.grid", grid, colour::kCanvas},
          {"data.report", report, colour::kPanel}};
}

}  // namespace kiln
