#include "app/panels/animate_canvas_panel.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "app/panels/animate_actions.h"
#include "app/panels/frame.h"
#include "app/panels/grid_panel.h"
#include "app/panels/notice_bar.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kMargin = 24, kStripHeight = 168, kCell = 76, kBetween = 8;
constexpr int kMostZoom = 48, kLinesFrom = 6;

// Which frame is shown now; while it plays, the window wakes for the next.
std::size_t shown_frame(View& all) {
  AnimateView& view = all.animate;
  if (view.player.plays) {
    const double due = advance(view.player, all.now_s, view.order, view.durations_ms);
    all.wake_s = all.wake_s < 0 ? due : std::min(all.wake_s, due);
  }
  return view.order[std::min(view.player.at, view.order.size() - 1)];
}

// The pointer takes the frame along by whole pixels.
void drag_frame(Studio& studio, ImVec2 at, ImVec2 size, int zoom, std::size_t frame) {
  AnimateView& view = studio.view.animate;
  ImGui::SetCursorScreenPos(at);
  ImGui::InvisibleButton("animate.drag", size);
  if (ImGui::IsItemActivated()) {
    show_frame(view, frame);
    view.dragged_from = shift_of(studio, frame);
  }
  if (!ImGui::IsItemActive()) {
    view.dragged_from.reset();
    studio.ui.tooltips.show(frame == 0 ? "The first frame is the sprite itself; stop at another one to move it"
                                       : "Drag the frame to where it shall be; Shift and the arrow keys move it by a pixel");
    return;
  }
  if (!view.dragged_from) return;
  const ImVec2 moved = ImGui::GetMouseDragDelta(ImGuiMouseButton_Left, 0);
  const auto pixels = [&](float way) { return static_cast<int>(std::lround(way / static_cast<float>(zoom))); };
  const Shift shift{view.dragged_from->x + pixels(moved.x), view.dragged_from->y + pixels(moved.y)};
  if (shift != shift_of(studio, frame)) shift_frame(studio, frame, shift);
}

void draw_large(Studio& studio, Area area, std::size_t frame) {
  Ui& ui = studio.ui;
  AnimateView& view = studio.view.animate;
  const Image& image = view.frames[frame];
  const float margin = 2 * ui.px(kMargin);
  const int fit = static_cast<int>(
      std::min((area.width - margin) / static_cast<float>(image.width), (area.height - margin) / static_cast<float>(image.height)));
  const int zoom = std::clamp(fit, 1, kMostZoom);
  const float width = static_cast<float>(image.width * zoom), height = static_cast<float>(image.height * zoom);
  const ImVec2 at{std::floor(area.x + (area.width - width) / 2), std::floor(area.y + (area.height - height) / 2)};
  SpriteLook look = look_of(studio, image.width, image.height, zoom);
  look.grid_alpha = studio.settings.showing.pixel_grid && zoom >= kLinesFrom ? 0.22f : 0;
  const TextureArray& frames = studio.settings.animate.onion ? ui.sprites.pictures("animate.onions", view.version, view.onions)
                                                             : ui.sprites.pictures("animate.frames", view.version, view.frames);
  ImGui::PushClipRect({area.x, area.y}, {area.x + area.width, area.y + area.height}, true);
  ui.sprites.show(frames, {{at.x, at.y, width, height, static_cast<float>(frame)}}, look);
  ui.map.note("animate.sprite", at, {at.x + width, at.y + height}, ParamValue(static_cast<std::int64_t>(frame)));
  ImGui::PopClipRect();
  if (moves_by_hand(studio)) drag_frame(studio, at, {width, height}, zoom, frame);
}

void draw_controls(Studio& studio, float width, std::size_t frame) {
  AnimateSettings& settings = studio.settings.animate;
  Ui& ui = studio.ui;
  AnimateView& view = studio.view.animate;
  if (action_button(ui, "animate.play", view.player.plays ? "Pause" : "Play", {ui.px(90), 0}, {},
                    "Space; the arrow keys show the frame before and the next"))
    view.player = {.plays = !view.player.plays, .at = view.player.at};
  ImGui::SameLine();
  ImGui::Checkbox("Onion skin##animate.onion", &settings.onion);
  ui.map.note("animate.onion", ParamValue(settings.onion));
  ui.tooltips.show("The frame before shows faintly where this one is transparent");
  ImGui::SameLine();
  ImGui::Checkbox("Grid##animate.grid", &studio.settings.showing.pixel_grid);
  ui.map.note("animate.grid", ParamValue(studio.settings.showing.pixel_grid));
  const int round_ms =
      std::accumulate(view.order.begin(), view.order.end(), 0, [&](int sum, std::size_t i) { return sum + view.durations_ms[i]; });
  const std::string text = "Frame " + std::to_string(frame + 1) + " of " + std::to_string(view.frames.size()) +
                           "  ·  a round takes " + std::to_string(round_ms) + " ms";
  const float right = width - ImGui::CalcTextSize(text.c_str()).x;
  ImGui::SameLine();
  if (right < ImGui::GetCursorPosX()) return ImGui::NewLine();
  ImGui::SetCursorPosX(right);
  ImGui::AlignTextToFramePadding();
  quiet_text(text);
}

// A frame with its duration below it.
void draw_cell(Studio& studio, std::size_t i, bool is_shown) {
  Ui& ui = studio.ui;
  AnimateView& view = studio.view.animate;
  const float side = ui.px(kCell);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string name = "animate.frame." + std::to_string(i);
  ImGui::BeginGroup();
  if (ImGui::InvisibleButton(name.c_str(), {side, side})) show_frame(view, i);
  ui.map.note(name, at, {at.x + side, at.y + side}, ParamValue(is_shown));
  ui.tooltips.show(i == 0 ? "The sprite itself; a click stops here" : "A click stops at this frame");
  const Image& image = view.frames[i];
  const auto longest = static_cast<float>(std::max(image.width, image.height));
  const float zoom = longest <= side ? std::floor(side / longest) : side / longest;
  const float width = static_cast<float>(image.width) * zoom, height = static_cast<float>(image.height) * zoom;
  ui.sprites.show(
      ui.sprites.pictures("animate.frames", view.version, view.frames),
      {{std::floor(at.x + (side - width) / 2), std::floor(at.y + (side - height) / 2), width, height, static_cast<float>(i)}},
      look_of(studio, image.width, image.height, static_cast<int>(std::max(1.0f, zoom))));
  if (is_shown)
    ImGui::GetWindowDrawList()->AddRect({at.x - 2, at.y - 2}, {at.x + side + 2, at.y + side + 2}, packed(colour::chosen()), 0, 0,
                                        ui.px(2));
  ImGui::SetNextItemWidth(side);
  int& ms = view.durations_ms[i];
  const std::string field = "animate.ms." + std::to_string(i);
  ImGui::InputInt(("##" + field).c_str(), &ms, 0, 0);
  ms = std::clamp(ms, 1, kMostFrameMs);
  if (!ImGui::IsItemActive()) ms = std::max(ms, kLeastFrameMs);
  ui.map.note(field, ParamValue(static_cast<std::int64_t>(ms)));
  ui.tooltips.show("How long this frame stands, in milliseconds");
  ImGui::EndGroup();
}

}  // namespace

void draw_animate_canvas_panel(Studio& studio, Area rect) {
  const Ui& ui = studio.ui;
  AnimateView& view = studio.view.animate;
  const float strip = ui.px(kStripHeight), told = notice_height(ui), pad = ui.px(16);
  const std::size_t frame = shown_frame(studio.view);
  begin_panel("animate_canvas", rect, false);
  draw_large(studio, {rect.x, rect.y, rect.width, rect.height - strip - told}, frame);
  draw_notice(studio, {rect.x, rect.y + rect.height - strip - told, rect.width, told});
  progress_line(ui, {rect.x, rect.y + rect.height - strip, rect.width, strip}, 0, false);
  ImGui::SetCursorScreenPos({rect.x + pad, rect.y + rect.height - strip + ui.px(8)});
  ImGui::BeginChild("animate.strip", {rect.width - 2 * pad, strip - ui.px(10)}, false,
                    ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_NoBackground);
  draw_controls(studio, rect.width - 2 * pad, frame);
  ImGui::SetCursorPos({2, ImGui::GetCursorPosY() + ui.px(4)});
  for (std::size_t i = 0; i < view.frames.size(); ++i) {
    if (i > 0) ImGui::SameLine(0, ui.px(kBetween));
    draw_cell(studio, i, i == frame);
  }
  ImGui::EndChild();
  end_panel();
}

}  // namespace kiln
