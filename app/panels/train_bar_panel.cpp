#include "app/panels/train_bar_panel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "app/panels/actions.h"
#include "app/panels/frame.h"
#include "app/panels/header.h"
#include "app/panels/train_actions.h"
#include "app/state/plot_scale.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

bool is_live(const TrainingMirror& training) { return training.active() && training.shown() == training.run(); }

std::string memory_text(double mb) {
  char text[32];
  std::snprintf(text, sizeof text, mb >= 1000 ? "%.1f GB" : "%.0f MB", mb >= 1000 ? mb / 1000 : mb);
  return text;
}

struct State {
  std::string word;
  ImVec4 colour;
};

State state_of(const TrainingMirror& training) {
  const TrainingRun& run = *training.shown();
  if (is_live(training)) {
    if (training.stopping()) return {"Stopping…", colour::text()};
    const JobStatus& job = *training.job();
    if (job.state == JobState::kPaused) return {"Paused", colour::text()};
    if (job.pausing) return {"Pausing…", colour::text()};
    return run.plan ? State{"Training", colour::running()} : State{"Reading the sprites…", colour::text()};
  }
  if (&run == training.run() && training.job()->state == JobState::kFailed) return {"Failed", colour::error()};
  if (run.state == RunState::kFinished) return {"Finished", colour::done()};
  if (run.state == RunState::kRunning) return {"Under way elsewhere", colour::text()};
  return {"Stopped", colour::text()};
}

// Of a run that is trained elsewhere: since when nothing was measured, and who would have written it; or "".
std::string silence_of(const TrainingMirror& training) {
  const TrainingRun& run = *training.shown();
  if (is_live(training) || run.state != RunState::kRunning || training.silent_s() < TrainingMirror::kSilent_s) return "";
  const auto& newest = run.history.newest;
  std::string text = "nothing new for " + duration(training.silent_s());
  if (newest) text += ", since step " + count_text(newest->step);
  if (newest && !newest->hosts.empty()) text += ", from process 0 on " + newest->hosts.front();
  return text;
}

std::string facts_of(const TrainingMirror& training) {
  const TrainingRun& run = *training.shown();
  std::string text;
  const auto add = [&](const std::string& fact) { text += (text.empty() ? "" : "  ·  ") + fact; };
  if (run.total > 0) add("step " + count_text(run.step) + " of " + count_text(run.total));
  const auto& newest = run.history.newest;
  const auto& smoothed = run.history.of(&TrainMetrics::smoothed_loss).newest();
  if (smoothed) add("loss " + number_text(*smoothed));
  if (is_live(training)) {
    if (const double rate = training.images_per_s(); rate > 0) add(number_text(rate) + " images/s");
    if (training.job()->left_s >= 0 && training.job()->state == JobState::kRunning) add(duration(training.job()->left_s) + " left");
    if (newest && newest->memory_mb > 0) add(memory_text(newest->memory_mb));
    return text;
  }
  const std::string silence = silence_of(training);
  if (run.state == RunState::kRunning && silence.empty() && newest && newest->images_per_s > 0)
    add(number_text(newest->images_per_s) + " images/s");
  if (const auto& validation = run.history.of(&TrainMetrics::validation_loss).newest())
    add("validation " + number_text(*validation));
  if (!silence.empty()) add(silence);
  return text;
}

void draw_state(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const TrainingMirror& training = studio.mirror.training;
  const TrainingRun& run = *training.shown();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float part = run.total > 0 ? std::clamp(static_cast<float>(run.step) / static_cast<float>(run.total), 0.0f, 1.0f) : 0;
  const State state = state_of(training);
  progress_line(ui, rect, part, is_live(training) && !training.job()->paused() && !training.stopping());
  float x = rect.x + ui.px(16);
  const float y = rect.y + ui.px(14);
  const auto put = [&](const std::string& text, const ImVec4& ink) {
    list->AddText({x, y}, packed(ink), text.c_str());
    x += ImGui::CalcTextSize(text.c_str()).x + ui.px(14);
  };
  put(run.name, colour::text());
  put(state.word, state.colour);
  put(facts_of(training), colour::quiet());
  if (!ui.map.on()) return;
  ImGui::SetCursorScreenPos({rect.x, rect.y});
  ImGui::Dummy({rect.width, ui.px(4)});
  ui.map.note("train.step", ParamValue(run.step));
}

void draw_live_buttons(Studio& studio) {
  Ui& ui = studio.ui;
  TrainView& view = studio.view.train;
  TrainingMirror& training = studio.mirror.training;
  const JobStatus& job = *training.job();
  const ImVec2 size{ui.px(126), ui.px(32)};
  const std::string stopping = training.stopping() ? "It is being stopped" : "";
  if (view.discard_asked && stopping.empty()) {
    const std::string question = "Delete this run and all that it learned?";
    const ImVec2 at = ImGui::GetCursorScreenPos(), text = ImGui::CalcTextSize(question.c_str());
    ImGui::GetWindowDrawList()->AddText({at.x, std::floor(at.y + (size.y - text.y) / 2)}, packed(colour::text()), question.c_str());
    ImGui::SetCursorScreenPos({at.x + text.x + ui.px(16), at.y});
    if (action_button(ui, "train.discard_yes", "Delete it", size, {}, "Its folder is removed; this cannot be taken back")) {
      training.stop(CancelMode::kDiscard);
      view.discard_asked = false;
    }
    ImGui::SameLine();
    if (action_button(ui, "train.discard_no", "Keep it", size, {})) view.discard_asked = false;
    return;
  }
  if (job.paused()) {
    if (main_button(ui, "train.resume", "Resume", size, stopping, "Go on from this step")) training.resume();
  } else if (action_button(ui, "train.pause", "Pause", size, stopping, "Leave the machine to other work; nothing is lost")) {
    training.pause();
  }
  ImGui::SameLine();
  const bool begun = studio.mirror.training.run()->plan.has_value();
  const std::string not_begun = !stopping.empty() ? stopping : begun ? "" : "It has not begun yet";
  if (action_button(ui, "train.stop", "Stop and keep", size, not_begun,
                    "Ends here and writes the model; the run can go on later")) {
    training.stop(CancelMode::kKeep);
  }
  ImGui::SameLine();
  const std::string nothing_yet = not_begun.empty() && job.step == 0 ? "It has learned nothing yet" : not_begun;
  if (action_button(ui, "train.use_now", "Use now", size, nothing_yet,
                    "Opens the model as it is now in the Generate tab; training goes on"))
    use_now(studio);
  ImGui::SameLine();
  if (action_button(ui, "train.discard", "Discard", size, stopping, "Ends here and deletes the run")) view.discard_asked = true;
}

// A label, and the next item to its right, in a row of buttons.
void row_label(const Ui& ui, const char* text, float height) {
  const ImVec2 at = ImGui::GetCursorScreenPos(), size = ImGui::CalcTextSize(text);
  ImGui::GetWindowDrawList()->AddText({at.x, std::floor(at.y + (height - size.y) / 2)}, packed(colour::quiet()), text);
  ImGui::SetCursorScreenPos({at.x + size.x + ui.px(8), at.y + std::floor((height - ImGui::GetFrameHeight()) / 2)});
}

// What is typed stays until the run itself says something else.
void take_recipe_of(const TrainingRun& run, TrainView& view) {
  if (view.change_run == run.path && view.change_shown == run.recipe) return;
  view.change_run = run.path;
  view.change_shown = run.recipe;
  view.change_steps = get_int(run.recipe, "steps");
  view.change_rate = get_real(run.recipe, "learning_rate");
}

// Steps and learning rate of a run that is trained elsewhere.
void draw_change_fields(Studio& studio, const TrainingRun& run, float height) {
  Ui& ui = studio.ui;
  TrainView& view = studio.view.train;
  if (!run.recipe.contains("steps") || !run.recipe.contains("learning_rate")) return;
  take_recipe_of(run, view);
  const float top = ImGui::GetCursorScreenPos().y;
  const auto next = [&](float gap) {
    ImGui::SameLine(0, ui.px(gap));
    ImGui::SetCursorScreenPos({ImGui::GetCursorScreenPos().x, top});
  };
  row_label(ui, "Steps", height);
  ImGui::SetNextItemWidth(ui.px(88));
  ImGui::InputScalar("##train.change_steps", ImGuiDataType_S64, &view.change_steps, nullptr, nullptr, "%lld");
  ui.map.note("train.change_steps", ParamValue(view.change_steps));
  next(12);
  row_label(ui, "Learning rate", height);
  ImGui::SetNextItemWidth(ui.px(88));
  ImGui::InputDouble("##train.change_rate", &view.change_rate, 0, 0, "%.6g");
  ui.map.note("train.change_rate", ParamValue(view.change_rate));
  next(8);
  ParamMap changes;
  if (view.change_steps != get_int(run.recipe, "steps")) changes["steps"] = view.change_steps;
  if (view.change_rate != get_real(run.recipe, "learning_rate")) changes["learning_rate"] = view.change_rate;
  const std::string why_not = !run.writable     ? "The run's folder cannot be written from here"
                              : changes.empty() ? "These are the values that it has"
                                                : "";
  if (action_button(ui, "train.change", "Change", {ui.px(84), height}, why_not,
                    "Asks whoever trains it: all its processes change after the same step"))
    studio.mirror.training.change_opened(changes);
  next(24);
}

// Whether to go on with it.
bool draw_go_on_field(Studio& studio, const TrainingRun& run, float height) {
  Ui& ui = studio.ui;
  TrainView& view = studio.view.train;
  if (view.go_on_run != run.path || view.go_on_steps < run.step) {
    view.go_on_run = run.path;
    view.go_on_steps = run.step < run.total ? run.total : run.total + std::max<std::int64_t>(run.total / 2, 1);
  }
  std::string why_not = why_not_go_on(studio);
  if (why_not.empty() && view.go_on_steps <= run.step) why_not = "Give it more steps than it has done";
  // What stands where Pause was must not start anything: the run may end just when it is clicked.
  const float top = ImGui::GetCursorScreenPos().y;
  row_label(ui, "Go on until step", height);
  ImGui::SetNextItemWidth(ui.px(96));
  ImGui::InputScalar("##train.go_on_steps", ImGuiDataType_S64, &view.go_on_steps, nullptr, nullptr, "%lld");
  view.go_on_steps = std::clamp<std::int64_t>(view.go_on_steps, 1, 10'000'000);
  ui.map.note("train.go_on_steps", ParamValue(view.go_on_steps));
  ImGui::SameLine(0, ui.px(8));
  ImGui::SetCursorScreenPos({ImGui::GetCursorScreenPos().x, top});
  const bool go_on = action_button(ui, "train.go_on", "Go on", {ui.px(90), height}, why_not, "Goes on exactly where it ended");
  ImGui::SameLine(0, ui.px(24));
  return go_on;
}

void draw_ended_buttons(Studio& studio) {
  Ui& ui = studio.ui;
  TrainView& view = studio.view.train;
  TrainingMirror& training = studio.mirror.training;
  const TrainingRun& run = *training.shown();
  const ImVec2 size{ui.px(126), ui.px(32)};
  const bool elsewhere = run.state == RunState::kRunning;
  if (elsewhere) draw_change_fields(studio, run, size.y);
  const bool go_on = !elsewhere && draw_go_on_field(studio, run, size.y);
  const bool there = view.has_model.get(run.model, studio.view.disk_changes, [](const std::string& model) {
    std::error_code ignored;
    return !model.empty() && std::filesystem::exists(model, ignored);
  });
  if (action_button(ui, "train.use_model", "Use the model", size, there ? "" : "It has written no model yet",
                    "Opens it in the Generate tab")) {
    choose_model(studio, run.model);
    studio.view.tab = Tab::kGenerate;
  }
  ImGui::SameLine();
  if (action_button(ui, "train.evaluate", "How good is it?", size, there ? "" : "It has written no model yet",
                    "Its sprites beside those that it was trained on, in numbers and pictures"))
    view.evaluation_open = true;
  ImGui::SameLine();
  const bool live = !elsewhere && action_button(ui, "train.make_live", "Make it live", size,
                                                there ? why_not_make_live(studio, run) : "It has written no model yet",
                                                "Teaches a second model to draw in 2 steps what this one draws in 25: then sprites "
                                                "follow a slider at once. A run as any other");
  if (!elsewhere) ImGui::SameLine();
  const bool close = training.opened() && action_button(ui, "train.close_run", training.active() ? "Back to training" : "Close",
                                                        size, {}, "Shows it no more");
  // These take the run away that is drawn here.
  if (go_on) {
    go_on_training(studio, run.path, run.model, view.go_on_steps);
  } else if (live) {
    make_live(studio, run);
  } else if (close) {
    training.close_run();
    view.strip_step = -1;
  }
}

}  // namespace

void draw_train_bar_panel(Studio& studio, Area rect) {
  const Ui& ui = studio.ui;
  begin_panel("train.bar", rect, false);
  draw_state(studio, rect);
  ImGui::SetCursorScreenPos({rect.x + ui.px(16), rect.y + ui.px(44)});
  if (is_live(studio.mirror.training)) {
    draw_live_buttons(studio);
  } else {
    draw_ended_buttons(studio);
  }
  end_panel();
}

}  // namespace kiln
