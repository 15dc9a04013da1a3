#include "app/panels/lab_tab.h"

#include "app/panels/columns.h"
#include "app/panels/frame.h"
#include "app/panels/lab_actions.h"
#include "app/panels/lab_pictures_panel.h"
#include "app/panels/lab_plots_panel.h"
#include "app/panels/lab_settings_panel.h"
#include "app/panels/notice_bar.h"

namespace kiln {
namespace {

constexpr float kLeftWidth = 340, kRightWidth = 330;

}  // namespace

std::vector<PanelBackground> draw_lab_tab(Studio& studio, Area rect) {
  follow_lab(studio);
  const ColumnWidth left = {"edge.lab.left", kLeftWidth, 0.32f}, right = {"edge.lab.right", kRightWidth, 0.32f};
  const Columns columns = columns_of(studio, rect, left, right);
  const float told = notice_height(studio.ui);
  const Area pictures{columns.middle.x, columns.middle.y, columns.middle.width, columns.middle.height - told};
  const Area notice{pictures.x, pictures.y + pictures.height, pictures.width, told};
  draw_lab_pictures(studio, pictures);  // finds the pixel that the others tell about
  draw_lab_settings(studio, columns.left);
  draw_lab_plots(studio, columns.right);
  begin_panel("lab.notice", notice, false);
  draw_notice(studio, notice);
  end_panel();
  std::vector<PanelBackground> backgrounds = {{"lab.settings", columns.left, colour::panel()},
                                              {"lab.pictures", pictures, colour::canvas()},
                                              {"lab.notice", notice, colour::canvas()},
                                              {"lab.plots", columns.right, colour::panel()}};
  draw_edges(studio, columns, left, right, backgrounds);
  return backgrounds;
}

}  // namespace kiln
