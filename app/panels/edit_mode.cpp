#include "app/panels/edit_mode.h"

#include "app/panels/edit_canvas_panel.h"
#include "app/panels/edit_colours_panel.h"
#include "app/panels/edit_tools_panel.h"

namespace kiln {
namespace {

constexpr float kToolsWidth = 190, kColoursWidth = 280;

}  // namespace

std::vector<PanelBackground> draw_edit_mode(Studio& studio, Area rect) {
  const float left = studio.ui.px(kToolsWidth), right = studio.ui.px(kColoursWidth);
  const Area tools{rect.x, rect.y, left, rect.height};
  const Area canvas{rect.x + left, rect.y, rect.width - left - right, rect.height};
  const Area colours{rect.x + rect.width - right, rect.y, right, rect.height};
  draw_edit_canvas_panel(studio, canvas);
  draw_edit_tools_panel(studio, tools);
  draw_edit_colours_panel(studio, colours);
  return {{"edit_tools", tools, colour::panel()},
          {"edit_canvas", canvas, colour::canvas()},
          {"edit_colours", colours, colour::panel()}};
}

}  // namespace kiln
