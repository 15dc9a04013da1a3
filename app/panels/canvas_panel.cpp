#include "app/panels/canvas_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/edit_actions.h"
#include "app/panels/frame.h"
#include "app/panels/grid_panel.h"
#include "app/panels/header.h"
#include "app/panels/hints.h"
#include "app/panels/notice_bar.h"
#include "app/panels/timeline_panel.h"
#include "app/widgets/fields.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

constexpr float kStatusHeight = 40, kToolbarHeight = 40, kTimelineHeight = 40;

// What to do next, where there is no sprite yet.
void draw_empty(const Studio& studio, Area rect) {
  const Mirror& mirror = studio.mirror;
  std::string what, next;
  if (mirror.batch().job) {
    what = "All sprites were taken away";
    next = "Ctrl+Z brings them back";
  } else if (mirror.engine() == EngineState::kFailed) {
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
  centred_text(rect, y, what, colour::text());
  centred_text(rect, y + ImGui::GetFontSize() * 1.7f, next, colour::quiet());
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
  list->AddText({rect.x + ui.px(16), text_y}, packed(job->active() ? colour::text() : colour::quiet()), left.c_str());
  const GeneratedBatch& batch = studio.mirror.batch();
  if (!batch.job) return;
  const std::string right = batch.model + "  ·  seed " + std::to_string(batch.seed(0));
  const float width = ImGui::CalcTextSize(right.c_str()).x;
  if (ImGui::CalcTextSize(left.c_str()).x + width + ui.px(48) > rect.width) return;
  list->AddText({rect.x + rect.width - ui.px(16) - width, text_y}, packed(colour::quiet()), right.c_str());
}

}  // namespace

void draw_canvas_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  GridSelection& selection = studio.view.grid.selection;
  const float status = ui.px(kStatusHeight), told = notice_height(ui);
  begin_panel("canvas", rect, false);
  if (studio.view.chosen != selection.current()) selection.select(studio.view.chosen);
  selection.fit(studio.mirror.batch().count());
  const bool any = studio.mirror.batch().count() > 0;
  const float above = any ? ui.px(kToolbarHeight) : 0, timeline = any ? ui.px(kTimelineHeight) : 0;
  const Area canvas{rect.x, rect.y + above, rect.width, rect.height - above - timeline - status - told};
  float y = canvas.y + canvas.height;
  if (any) {
    draw_grid_panel(studio, canvas);
    draw_grid_toolbar(studio, {rect.x, rect.y, rect.width, above});
    draw_timeline_panel(studio, {rect.x, y, rect.width, timeline});
  } else {
    draw_empty(studio, canvas);
  }
  studio.view.chosen = selection.current();
  y += timeline;
  draw_notice(studio, {rect.x, y, rect.width, told});
  draw_status(studio, {rect.x, y + told, rect.width, status});
  draw_hints(studio, canvas);
  end_panel();
}

}  // namespace kiln
