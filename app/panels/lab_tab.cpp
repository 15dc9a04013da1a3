#include "app/panels/lab_tab.h"

#include "app/panels/columns.h"
#include "app/panels/lab_actions.h"
#include "app/panels/lab_pictures_panel.h"
#include "app/panels/lab_plots_panel.h"
#include "app/panels/lab_settings_panel.h"

namespace kiln {
namespace {

constexpr float kLeftWidth = 340, kRightWidth = 330;

}  // namespace

std::vector<PanelBackground> draw_lab_tab(Studio& studio, Area rect) {
  follow_lab(studio);
  const ColumnWidth left = {"edge.lab.left", kLeftWidth, 0.32f}, right = {"edge.lab.right", kRightWidth, 0.32f};
  const Columns columns = columns_of(studio, rect, left, right);
  draw_lab_pictures(studio, columns.middle);  // finds the pixel that the others tell about
  draw_lab_settings(studio, columns.left);
  draw_lab_plots(studio, columns.right);
  std::vector<PanelBackground> backgrounds = {{"lab.settings", columns.left, colour::panel()},
                                              {"lab.pictures", columns.middle, colour::canvas()},
                                              {"lab.plots", columns.right, colour::panel()}};
  draw_edges(studio, columns, left, right, backgrounds);
  return backgrounds;
}

}  // namespace kiln
