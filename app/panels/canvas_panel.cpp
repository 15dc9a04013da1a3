#include "app/panels/canvas_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/edit_actions.h"
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

// What to do next, where there is no sprite yet.
void draw_empty(const Studio& studio, Area rect) {
  const Mirror& mirror = studio.mirror;
  std::string what, next;
  if (mirror.engine() == EngineState::kFailed) {
    what = "The engine could not be started";
    next = "the message below says what to do";
  } else if (mirror.engine() == EngineState::kStarting) {
    what = "Starting the engine…";
    if (studio.view.generate_waits) next = "sprites are made as soon as it is ready";
  } else if (!mirror.opening().empty()) {
    what = "Opening the model…";
    if (studio.view.generate_waits) next = "sprites are made as soon as it is open";
  } else if (!mirror.model()) {
    what = "There is no model yet";
    next = studio.view.models.empty() ? "put one into " + (home_folder() / "models").string() : "choose one at the top left";
  } else {
    what = "Choose what to make on the left, then press Generate";
    next = "sprites fade in here out of noise";
  }
  const float y = std::floor(rect.y + rect.height * 0.44f);
  centred_text(rect, y, what, colour::kText);
  centred_text(rect, y + ImGui::GetFontSize() * 1.7f, next, colour::kQuiet);
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

void draw_grid(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const GeneratedBatch& batch = studio.mirror.batch();
  const float margin = ui.px(10);
  const GridLayout grid = fit_grid(batch.count(), batch.width, batch.height, static_cast<int>(rect.width - 2 * margin),
                                   static_cast<int>(rect.height - 2 * margin), static_cast<int>(ui.px(9)),
                                   kMostZoom * std::max(1, static_cast<int>(ui.theme.scale)));
  std::vector<SpriteQuad> quads;
  for (int i = 0; i < batch.count(); ++i) {
    const ImVec2 at{rect.x + margin + static_cast<float>(grid.x(i)), rect.y + margin + static_cast<float>(grid.y(i))};
    const ImVec2 size{static_cast<float>(grid.cell_width), static_cast<float>(grid.cell_height)};
    quads.push_back({at.x, at.y, size.x, size.y, batch.has_pixels() ? static_cast<float>(i) : -1});
    ImGui::SetCursorScreenPos(at);
    ImGui::PushID(i);
    if (ImGui::InvisibleButton("grid", size)) studio.view.chosen = i;
    ImGui::PopID();
    if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) open_editor(studio, i);
    if (ui.map.on()) ui.map.note("grid." + std::to_string(i), ParamValue(describe(batch.condition(i))));
    draw_cell_frame(ui, at, {at.x + size.x, at.y + size.y}, i == studio.view.chosen, ImGui::IsItemHovered());
  }
  ui.sprites.show(ui.sprites.batch(), std::move(quads),
                  {.width = static_cast<float>(batch.width),
                   .height = static_cast<float>(batch.height),
                   .check_shift = check_shift(grid.zoom),
                   .zoom = static_cast<float>(grid.zoom)});
  for (const int i : batch.edited) {  // a dot at the corner
    ImGui::GetWindowDrawList()->AddCircleFilled(
        {rect.x + margin + static_cast<float>(grid.x(i) + grid.cell_width), rect.y + margin + static_cast<float>(grid.y(i))},
        ui.px(4), packed(colour::kRunning));
  }
}

std::string status_text(const JobStatus& job) {
  std::string text = "step " + std::to_string(job.step) + " of " + std::to_string(job.total);
  if (job.paused()) return "Stopped at " + text + "  ·  keep, discard, or go on?";
  if (job.state == JobState::kDone && job.kept) return "Kept at " + text;
  if (job.state == JobState::kDone) return "Done, " + std::to_string(job.total) + " steps";
  if (job.state == JobState::kCancelled) return "Discarded at " + text;
  if (job.state == JobState::kFailed) return "Failed at " + text;
  text.front() = 'S';
  if (job.left_s >= 0) text += "  ·  " + duration(job.left_s) + " left";
  return text;
}

void draw_status(const Studio& studio, Area rect) {
  const JobStatus* job = studio.mirror.sampling();
  if (!job) return;
  const Ui& ui = studio.ui;
  ImDrawList* list = ImGui::GetWindowDrawList();
  progress_line(ui, rect, job->active() ? job->part() : 0, !job->paused());
  const float text_y = rect.y + ui.px(13);
  const std::string left = status_text(*job);
  list->AddText({rect.x + ui.px(16), text_y}, packed(job->active() ? colour::kText : colour::kQuiet), left.c_str());
  const GeneratedBatch& batch = studio.mirror.batch();
  if (!batch.job) return;
  const std::string right = batch.model + "  ·  seed " + std::to_string(batch.seed(0));
  const float width = ImGui::CalcTextSize(right.c_str()).x;
  if (ImGui::CalcTextSize(left.c_str()).x + width + ui.px(48) > rect.width) return;
  list->AddText({rect.x + rect.width - ui.px(16) - width, text_y}, packed(colour::kQuiet), right.c_str());
}

}  // namespace

void draw_canvas_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const float status = ui.px(kStatusHeight), told = notice_height(ui);
  begin_panel("canvas", rect, false);
  const Area canvas{rect.x, rect.y, rect.width, rect.height - status - told};
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
