#include "app/panels/timeline_panel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/panels/grid_actions.h"
#include "app/panels/shortcuts.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

std::string megabytes(std::size_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / (1 << 20));
  return text;
}

constexpr float kLeft = 16, kRight = 12, kGap = 8;  // design pixels
constexpr float kLabel = 46, kMemory = 66, kButton = 140;
constexpr float kShortSlider = 110, kShortestSlider = 60;
constexpr const char* kSelectedOnly = "Selected only";

// The first stop and the last one; a slider needs some.
void draw_slider(Studio& studio, float width) {
  Ui& ui = studio.ui;
  const GridView& view = studio.view.grid;
  Timeline& timeline = studio.view.grid.timeline;
  const bool has_stops = !timeline.stops().empty();
  ImGui::BeginDisabled(!has_stops);
  ImGui::SetNextItemWidth(width);
  int step = timeline.step();
  const int first = has_stops ? timeline.stops().front() : 0, last = has_stops ? timeline.stops().back() : 1;
  const std::size_t selected = view.fades_selected ? view.selection.selected().size() : 0;
  const std::string of = selected > 0 ? ", " + std::to_string(selected) + " selected" : "";
  const std::string format = !has_stops ? "no fade" : timeline.at_end() ? "finished" : "step %d of " + std::to_string(last) + of;
  if (ImGui::SliderInt("##timeline.step", &step, first, last, format.c_str(), ImGuiSliderFlags_AlwaysClamp)) timeline.show(step);
  ui.map.note("timeline.step", ParamValue(static_cast<std::int64_t>(timeline.step())));
  ImGui::EndDisabled();
  ui.tooltips.show(has_stops ? "How the sprites formed, step by step; also with the keys , and ."
                             : "The fade of these sprites is not kept: previews were off, or they are from an earlier start");
}

void draw_selected_only(Studio& studio, bool with_text) {
  Ui& ui = studio.ui;
  bool& on = studio.view.grid.fades_selected;
  ImGui::Checkbox(((with_text ? kSelectedOnly : "") + std::string("##timeline.selected_only")).c_str(), &on);
  ui.map.note("timeline.selected_only", ParamValue(on));
  ui.tooltips.show(
      (with_text ? "" : std::string(kSelectedOnly) + ". ") +
      "The selected sprites alone go back to earlier steps, the others stay at their end; where none is selected, all go" +
      key_hint(studio, "fade_selected"));
}

void draw_memory(Studio& studio) {
  const Mirror& mirror = studio.mirror;
  quiet_text(megabytes(mirror.history().fade_bytes(mirror.batch())));
  studio.ui.tooltips.show("Memory that the fades of this batch, of the one before and of what can be undone take; at most 96 MB");
  studio.ui.map.note("timeline.memory");
}

void draw_branch(Studio& studio, ImVec2 size) {
  const std::size_t selected = studio.view.grid.selection.selected().size();
  const std::string of = selected == 0 ? "all sprites" : selected == 1 ? "the selected sprite" : "the selected sprites";
  if (action_button(studio.ui, "timeline.branch", "Go on from here", size, why_not_branch(studio),
                    "A new batch from " + of + " as shown, with the settings as they are now")) {
    start_branch(studio);
  }
}

}  // namespace

void draw_timeline_panel(Studio& studio, Area rect) {
  const Ui& ui = studio.ui;
  if (studio.mirror.batch().count() == 0 || studio.mirror.busy()) return;
  const float height = ui.px(30), y = rect.y + ui.px(5), gap = ui.px(kGap), box = ImGui::GetFrameHeight();
  const float text_y = y + std::floor((height - ImGui::GetFontSize()) / 2), box_y = y + std::floor((height - box) / 2);
  const float text = ImGui::GetStyle().ItemInnerSpacing.x + ImGui::CalcTextSize(kSelectedOnly).x;
  const float free_width =
      rect.width - ui.px(kLeft + kLabel + kButton + kRight) - box - 2 * gap;  // of the slider, without what may go
  const bool is_wide = free_width - text - gap - ui.px(kMemory) >= ui.px(kShortSlider);
  const float slider = std::max(ui.px(kShortestSlider), is_wide ? free_width - text - gap - ui.px(kMemory) : free_width);
  float x = rect.x + ui.px(kLeft);
  ImGui::SetCursorScreenPos({x, text_y});
  quiet_text("Fade");
  ImGui::SetCursorScreenPos({x += ui.px(kLabel), box_y});
  draw_slider(studio, slider);
  ImGui::SetCursorScreenPos({x += slider + gap, box_y});
  draw_selected_only(studio, is_wide);
  x += box + gap;
  if (is_wide) {
    ImGui::SetCursorScreenPos({x += text, text_y});
    draw_memory(studio);
    x += ui.px(kMemory) + gap;
  }
  ImGui::SetCursorScreenPos({x, y});
  draw_branch(studio, {ui.px(kButton), height});
}

}  // namespace kiln
