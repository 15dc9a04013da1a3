#include "app/panels/canvas_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/frame.h"
#include "app/panels/header.h"
#include "app/panels/notice_bar.h"
#include "app/state/grid_layout.h"
#include "app/widgets/fields.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

constexpr float kStatusHeight = 40;
constexpr int kMostZoom = 24;

void centred_text(const std::string& text, Rect rect, float y, const ImVec4& text_colour) {
  const ImVec2 size = ImGui::CalcTextSize(text.c_str());
  ImGui::GetWindowDrawList()->AddText({std::floor(rect.x + (rect.width - size.x) / 2), y}, packed(text_colour), text.c_str());
}

// What to do next, where there is no sprite yet.
void draw_empty(const Studio& studio, Rect rect) {
  const Mirror& mirror = studio.mirror;
  std::string what, next;
  if (mirror.engine() == EngineState::kFailed) {
    what = "The engine could not be started";
    next = "the message below says what to do";
  } else if (mirror.engine() == EngineState::kStarting) {
    what = "Starting the engine…";
  } else if (!mirror.opening().empty()) {
    what = "Opening the model…";
  } else if (!mirror.model()) {
    what = "There is no model yet";
    next = studio.view.models.empty() ? "put one into " + (home_folder() / "models").string() : "choose one at the top left";
  } else {
    what = "Choose what to make on the left, then press Generate";
    next = "sprites fade in here out of noise";
  }
  const float y = std::floor(rect.y + rect.height * 0.44f);
  centred_text(what, rect, y, colour::kText);
  centred_text(next, rect, y + ImGui::GetFontSize() * 1.7f, colour::kQuiet);
}

void draw_cell_frame(const Ui& ui, ImVec2 min, ImVec2 max, bool chosen, bool hovered) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float out = ui.px(3);
  const ImVec2 from{min.x - out, min.y - out}, to{max.x + out, max.y + out};
  if (chosen) {
    list->AddRect(from, to, packed(colour::kChosen), 0, 0, ui.px(2));
  } else if (hovered) {
    list->AddRect(from, to, packed(colour::kQuiet), 0, 0, ui.px(1));
  }
}

void draw_grid(Studio& studio, Rect rect) {
  Ui& ui = studio.ui;
  const Batch& batch = studio.mirror.batch();
  const float margin = ui.px(10);
  const GridLayout grid = fit_grid(batch.count(), batch.width, batch.height, static_cast<int>(rect.width - 2 * margin),
                                   static_cast<int>(rect.height - 2 * margin), static_cast<int>(ui.px(9)),
                                   kMostZoom * std::max(1, static_cast<int>(ui.theme.scale)));
  std::vector<SpriteQuad> quads;
  for (int i = 0; i < batch.count(); ++i) {
    const ImVec2 at{rect.x + margin + static_cast<float>(grid.x(i)), rect.y + margin + static_cast<float>(grid.y(i))};
    const ImVec2 size{static_cast<float>(grid.cell_width), static_cast<float>(grid.cell_height)};
    quads.push_back({at.x, at.y, size.x, size.y, batch.has_pixels() ? static_cast<float>(i) : -1});
    const std::string name = "grid." + std::to_string(i);
    ImGui::SetCursorScreenPos(at);
    if (ImGui::InvisibleButton(name.c_str(), size)) studio.view.chosen = i;
    ui.map.note(name, ParamValue(describe(batch.condition(i))));
    draw_cell_frame(ui, at, {at.x + size.x, at.y + size.y}, i == studio.view.chosen, ImGui::IsItemHovered());
  }
  ui.sprites.show(ui.sprites.batch(), std::move(quads),
                  {.width = static_cast<float>(batch.width),
                   .height = static_cast<float>(batch.height),
                   .check_shift = check_shift(grid.zoom),
                   .zoom = static_cast<float>(grid.zoom)});
}

std::string status_text(const Job& job) {
  std::string text = "step " + std::to_string(job.step) + " of " + std::to_string(job.total);
  if (job.state == JobState::kPaused || job.pausing) return "Stopped at " + text + "  ·  keep, discard, or go on?";
  if (job.state == JobState::kDone && job.kept) return "Kept at " + text;
  if (job.state == JobState::kDone) return "Done, " + std::to_string(job.total) + " steps";
  if (job.state == JobState::kCancelled) return "Discarded at " + text;
  if (job.state == JobState::kFailed) return "Failed at " + text;
  text.front() = 'S';
  if (job.left_s >= 0) text += "  ·  " + duration(job.left_s) + " left";
  return text;
}

void draw_status(const Studio& studio, Rect rect) {
  const Job* job = studio.mirror.sampling();
  if (!job) return;
  const Ui& ui = studio.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float part = job->total > 0 ? std::clamp(static_cast<float>(job->step) / static_cast<float>(job->total), 0.0f, 1.0f) : 0;
  const ImVec2 from{rect.x, rect.y}, to{rect.x + rect.width, rect.y + ui.px(4)};
  const bool running = job->state == JobState::kRunning && !job->pausing;
  list->AddRectFilled(from, to, packed(colour::kLine));
  const ImVec4 ink = running ? colour::kRunning : colour::kQuiet;
  if (part > 0 && job->active()) list->AddRectFilled(from, {from.x + rect.width * part, to.y}, packed(ink));
  const std::string left = status_text(*job);
  list->AddText({rect.x + ui.px(16), to.y + ui.px(9)}, packed(job->active() ? colour::kText : colour::kQuiet), left.c_str());
  const Batch& batch = studio.mirror.batch();
  if (!batch.job) return;
  const std::string right = batch.model + "  ·  seed " + std::to_string(batch.seed(0));
  const float width = ImGui::CalcTextSize(right.c_str()).x;
  if (ImGui::CalcTextSize(left.c_str()).x + width + ui.px(48) > rect.width) return;
  list->AddText({rect.x + rect.width - ui.px(16) - width, to.y + ui.px(9)}, packed(colour::kQuiet), right.c_str());
}

}  // namespace

void draw_canvas_panel(Studio& studio, Rect rect) {
  Ui& ui = studio.ui;
  const float status = ui.px(kStatusHeight), told = notice_height(ui);
  begin_panel("canvas", rect, false);
  const Rect canvas{rect.x, rect.y, rect.width, rect.height - status - told};
  studio.view.chosen = std::clamp(studio.view.chosen, 0, std::max(0, studio.mirror.batch().count() - 1));
  if (studio.mirror.batch().job) {
    draw_grid(studio, canvas);
  } else {
    draw_empty(studio, canvas);
  }
  draw_notice(studio, {rect.x, canvas.y + canvas.height, rect.width, told});
  draw_status(studio, {rect.x, canvas.y + canvas.height + told, rect.width, status});
  end_panel();
}

}  // namespace kiln
