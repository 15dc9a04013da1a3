#include "app/panels/timeline_panel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/panels/grid_actions.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

std::string megabytes(std::size_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / (1 << 20));
  return text;
}

// The first stop and the last one; a slider needs some.
void draw_slider(Studio& studio, float width) {
  Ui& ui = studio.ui;
  Timeline& timeline = studio.view.grid.timeline;
  const bool has_stops = !timeline.stops().empty();
  ImGui::BeginDisabled(!has_stops);
  ImGui::SetNextItemWidth(width);
  int step = timeline.step();
  const int first = has_stops ? timeline.stops().front() : 0, last = has_stops ? timeline.stops().back() : 1;
  const std::string format = !has_stops ? "no fade" : timeline.at_end() ? "finished" : "step %d of " + std::to_string(last);
  if (ImGui::SliderInt("##timeline.step", &step, first, last, format.c_str(), ImGuiSliderFlags_AlwaysClamp)) timeline.show(step);
  ui.map.note("timeline.step", ParamValue(static_cast<std::int64_t>(timeline.step())));
  ImGui::EndDisabled();
  ui.tooltips.show(has_stops ? "How the sprites formed, step by step; also with the keys , and ."
                             : "The fade of these sprites is not kept: previews were off, or they are from an earlier start");
}

}  // namespace

void draw_timeline_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const Mirror& mirror = studio.mirror;
  if (mirror.batch().count() == 0 || mirror.busy()) return;
  const float height = ui.px(30), y = rect.y + ui.px(5), text_y = y + std::floor((height - ImGui::GetFontSize()) / 2);
  const float label = ui.px(46), memory = ui.px(66), button = ui.px(140), gap = ui.px(8);
  float x = rect.x + ui.px(16);
  ImGui::SetCursorScreenPos({x, text_y});
  quiet_text("Fade");
  x += label;
  const float width = rect.x + rect.width - ui.px(12) - x - memory - button - 2 * gap;
  ImGui::SetCursorScreenPos({x, y + std::floor((height - ImGui::GetFrameHeight()) / 2)});
  draw_slider(studio, std::max(ui.px(60), width));
  x += std::max(ui.px(60), width) + gap;
  ImGui::SetCursorScreenPos({x, text_y});
  quiet_text(megabytes(mirror.history().fade_bytes(mirror.batch())));
  ui.tooltips.show("Memory that the fades of this batch, of the one before and of what can be undone take; at most 96 MB");
  ui.map.note("timeline.memory");
  ImGui::SetCursorScreenPos({x + memory + gap, y});
  const std::size_t selected = studio.view.grid.selection.selected().size();
  const std::string of = selected == 0 ? "all sprites" : selected == 1 ? "the selected sprite" : "the selected sprites";
  if (action_button(ui, "timeline.branch", "Go on from here", {button, height}, why_not_branch(studio),
                    "A new batch from " + of + " as shown, with the settings as they are now")) {
    start_branch(studio);
  }
}

}  // namespace kiln
