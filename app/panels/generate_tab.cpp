#include "app/panels/generate_tab.h"

#include "app/panels/animate_mode.h"
#include "app/panels/canvas_panel.h"
#include "app/panels/columns.h"
#include "app/panels/edit_actions.h"
#include "app/panels/edit_mode.h"
#include "app/panels/export_panel.h"
#include "app/panels/frame.h"
#include "app/panels/generate_panel.h"
#include "app/panels/grid_actions.h"
#include "app/panels/sprite_panel.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kLeftWidth = 364;
constexpr float kRightWidth = 280;      // holds a 16×16 sprite at ×12 and the export fields
constexpr float kWideRightWidth = 416;  // holds a 32×32 sprite at ×12, where the window has room for it
constexpr float kRunHeight = 102;       // the button, and below it Keep and Discard
constexpr float kRoomy = 1500;

void draw_right_column(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("chosen", rect);
  const float width = ImGui::GetContentRegionAvail().x;
  draw_sprite_panel(studio, width);
  ImGui::Dummy({0, ui.px(6)});
  ImGui::Separator();
  ImGui::Dummy({0, ui.px(2)});
  draw_export_panel(studio, width);
  end_panel();
}

ColumnWidth right_column(const Studio& studio, Area rect) {
  const bool roomy = rect.width >= studio.ui.px(kRoomy) && studio.mirror.batch().width > 16;
  return {"edge.generate.right", roomy ? kWideRightWidth : kRightWidth, 0.32f};
}

}  // namespace

std::vector<PanelBackground> draw_generate_tab(Studio& studio, Area rect) {
  if (studio.view.animate.open) return draw_animate_mode(studio, rect);
  take_edit_arrows(studio);
  follow_editor(studio);
  if (studio.view.edit.open) return draw_edit_mode(studio, rect);
  take_grid_escape(studio);
  const ColumnWidth left = {"edge.generate.left", kLeftWidth, 0.36f}, right = right_column(studio, rect);
  const Columns columns = columns_of(studio, rect, left, right);
  const float run_height = studio.ui.px(kRunHeight);
  const Area settings{rect.x, rect.y, columns.left.width, rect.height - run_height};
  const Area run{rect.x, rect.y + settings.height, columns.left.width, run_height};
  draw_generate_panel(studio, settings);
  draw_run_panel(studio, run);
  draw_canvas_panel(studio, columns.middle);
  draw_right_column(studio, columns.right);
  std::vector<PanelBackground> backgrounds = {{"settings", settings, colour::panel()},
                                              {"run", run, colour::panel()},
                                              {"canvas", columns.middle, colour::canvas()},
                                              {"chosen", columns.right, colour::panel()}};
  draw_edges(studio, columns, left, right, backgrounds);
  return backgrounds;
}

}  // namespace kiln
