#include "app/panels/generate_tab.h"

#include <algorithm>

#include "app/panels/canvas_panel.h"
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

// Where the panels are; each is an ImGui window named after its field.
struct Layout {
  Area settings, run, canvas, chosen;
};

Layout lay_out(const Studio& studio, Area rect) {
  const Ui& ui = studio.ui;
  const bool roomy = rect.width >= ui.px(kRoomy) && studio.mirror.batch().width > 16;
  const float left = std::min(ui.px(kLeftWidth), rect.width * 0.36f);
  const float right = std::min(ui.px(roomy ? kWideRightWidth : kRightWidth), rect.width * 0.32f);
  const float run = ui.px(kRunHeight);
  return {{rect.x, rect.y, left, rect.height - run},
          {rect.x, rect.y + rect.height - run, left, run},
          {rect.x + left, rect.y, rect.width - left - right, rect.height},
          {rect.x + rect.width - right, rect.y, right, rect.height}};
}

}  // namespace

std::vector<PanelBackground> draw_generate_tab(Studio& studio, Area rect) {
  take_edit_keys(studio);
  follow_editor(studio);
  if (studio.view.edit.open) return draw_edit_mode(studio, rect);
  take_grid_keys(studio);
  const Layout layout = lay_out(studio, rect);
  draw_generate_panel(studio, layout.settings);
  draw_run_panel(studio, layout.run);
  draw_canvas_panel(studio, layout.canvas);
  draw_right_column(studio, layout.chosen);
  return {{"settings", layout.settings, colour::kPanel},
          {"run", layout.run, colour::kPanel},
          {"canvas", layout.canvas, colour::kCanvas},
          {"chosen", layout.chosen, colour::kPanel}};
}

}  // namespace kiln
