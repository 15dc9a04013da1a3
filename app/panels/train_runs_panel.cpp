#include "app/panels/train_runs_panel.h"

#include <cmath>
#include <ctime>

#include "app/panels/frame.h"
#include "app/panels/train_actions.h"
#include "app/state/plot_scale.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

std::string ago(std::int64_t seconds) {
  if (seconds < 60) return "just now";
  const auto counted = [](std::int64_t count, const char* unit) {
    return std::to_string(count) + " " + unit + (count == 1 ? "" : "s") + " ago";
  };
  if (seconds < 3600) return std::to_string(seconds / 60) + " min ago";
  if (seconds < 48 * 3600) return std::to_string(seconds / 3600) + " h ago";
  return counted(seconds / 86400, "day");
}

// As it is now: the list was made when a run last began or ended.
RunInfo current(const Studio& studio, RunInfo info) {
  const TrainingMirror& training = studio.mirror.training;
  const TrainingRun* run = training.run();
  if (!run || run->path != info.path) return info;
  info.step = run->step;
  info.total = run->total;
  info.state = run->state;
  return info;
}

std::string describe_run(const RunInfo& info, bool live) {
  std::string text = live                                ? "in training"
                     : info.state == RunState::kFinished ? "finished at " + count_text(info.step)
                     : info.state == RunState::kRunning  ? "under way elsewhere"
                                                         : "stopped at " + count_text(info.step);
  if (!live && info.state == RunState::kStopped && info.total > 0) text += " of " + count_text(info.total);
  if (!live && std::isfinite(info.validation_loss) && info.validation_loss > 0)
    text += "  ·  loss " + number_text(info.validation_loss);
  if (!live && info.changed > 0) text += "  ·  " + ago(std::time(nullptr) - info.changed);
  return text;
}

void draw_row(Studio& studio, const RunInfo& info) {
  Ui& ui = studio.ui;
  TrainingMirror& training = studio.mirror.training;
  const bool live = training.active() && training.run()->path == info.path;
  const bool shown = training.shown() && training.shown()->path == info.path;
  const bool compared = training.compared() && training.compared()->path == info.path;
  const float width = ImGui::GetContentRegionAvail().x, button = ui.px(78), height = ui.px(42);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string name = "train.run." + info.name;
  if (ImGui::InvisibleButton(name.c_str(), {width - button - ui.px(8), height})) open_run(studio, info.path);
  ui.map.note(name, ParamValue(shown));
  ui.tooltips.show(info.path + (info.data.empty() ? "" : "\nSprites from " + info.data));
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (shown || ImGui::IsItemHovered()) {
    list->AddRectFilled(at, {at.x + width, at.y + height}, ImGui::GetColorU32(shown ? ImGuiCol_Header : ImGuiCol_FrameBg),
                        ui.px(4));
  }
  list->PushClipRect(at, {at.x + width - button - ui.px(10), at.y + height}, true);
  list->AddText({at.x + ui.px(8), at.y + ui.px(4)}, packed(live ? colour::running() : colour::text()), info.name.c_str());
  const ImFont* font = ui.theme.small;
  list->AddText(font, font->FontSize, {at.x + ui.px(8), at.y + ui.px(23)}, packed(colour::quiet()),
                describe_run(info, live).c_str());
  list->PopClipRect();
  ImGui::SetCursorScreenPos({at.x + width - button - ui.px(4), at.y + std::floor((height - ImGui::GetFrameHeight()) / 2)});
  const std::string why_not = shown              ? "This is the one that is shown"
                              : training.shown() ? ""
                                                 : "Open a run first, to compare this one with";
  const std::string label = compared ? "Compared" : "Compare";
  if (action_button(ui, "train.compare." + info.name, label, {button, 0}, compared ? "" : why_not,
                    compared ? "Click to take it out of the plot" : "Its losses in the same plot")) {
    if (compared) {
      training.end_comparison();
    } else {
      training.compare_run(info.path);
    }
  }
  ImGui::SetCursorScreenPos({at.x, at.y + height + ui.px(2)});
}

}  // namespace

void draw_train_runs_panel(Studio& studio, Area rect) {
  const Ui& ui = studio.ui;
  begin_panel("train.runs", rect);
  const TrainingMirror& training = studio.mirror.training;
  ImGui::GetWindowDrawList()->AddLine({rect.x, rect.y}, {rect.x + rect.width, rect.y}, packed(colour::line()));
  ImGui::TextUnformatted("Runs");
  if (training.runs().empty()) {
    ImGui::PushTextWrapPos(0);
    if (training.listed()) quiet_text("Every run is kept here, to look at, to compare and to go on with.");
    ImGui::PopTextWrapPos();
  } else {
    ImGui::Dummy({0, ui.px(2)});
    ImGui::BeginChild("list", {0, 0}, false);
    for (const RunInfo& info : training.runs()) draw_row(studio, current(studio, info));
    ImGui::EndChild();
  }
  end_panel();
}

}  // namespace kiln
