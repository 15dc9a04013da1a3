#include "app/panels/animate_mode.h"

#include "app/panels/animate_actions.h"
#include "app/panels/animate_canvas_panel.h"
#include "app/panels/animate_export_panel.h"
#include "app/panels/animate_settings_panel.h"

namespace kiln {
namespace {

constexpr float kSettingsWidth = 330, kExportWidth = 280;

}  // namespace

std::vector<PanelBackground> draw_animate_mode(Studio& studio, Area rect) {
  take_animation_keys(studio);
  const float left = studio.ui.px(kSettingsWidth), right = studio.ui.px(kExportWidth);
  const Area settings{rect.x, rect.y, left, rect.height};
  const Area canvas{rect.x + left, rect.y, rect.width - left - right, rect.height};
  const Area writing{rect.x + rect.width - right, rect.y, right, rect.height};
  draw_animate_settings_panel(studio, settings);
  draw_animate_canvas_panel(studio, canvas);
  draw_animate_export_panel(studio, writing);
  return {{"animate_settings", settings, colour::panel()},
          {"animate_canvas", canvas, colour::canvas()},
          {"animate_export", writing, colour::panel()}};
}

}  // namespace kiln
