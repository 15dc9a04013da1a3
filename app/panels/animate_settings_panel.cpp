#include "app/panels/animate_settings_panel.h"

#include <algorithm>
#include <string>

#include "app/panels/animate_actions.h"
#include "app/panels/frame.h"
#include "app/panels/notice_bar.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr const char* kByRule = "By rule: the sprite's own pixels";
constexpr const char* kOwnFrames = "own";
constexpr const char* kOwnFramesLabel = "Its own frames";
constexpr const char* kOwnFramesHelp = "As the model drew them: all frames of this sprite's animation in the batch";
constexpr const char* kByModel = "By the model, within the outline";

void gap(const Ui& ui) { ImGui::Dummy({0, ui.px(4)}); }

std::string label_of(const std::string& motion) { return motion == kSeedPath ? kSeedPathLabel : find_motion(motion).label; }
std::string help_of(const std::string& motion) {
  return motion == kSeedPath ? std::string("Drawn by the model. ") + kSeedPathHelp : "Drawn by rule. " + find_motion(motion).help;
}

std::string shown_motion(const Studio& studio) {
  return studio.view.animate.own_frames ? kOwnFrames : studio.settings.animate.motion;
}

void draw_choice(Studio& studio, const std::string& id, const std::string& label, const std::string& help) {
  AnimateView& view = studio.view.animate;
  const bool is_chosen = shown_motion(studio) == id;
  if (ImGui::Selectable(label.c_str(), is_chosen) && !is_chosen) {
    view.own_frames = id == kOwnFrames;
    if (!view.own_frames) studio.settings.animate.motion = id;
    view.player.plays = true;
    move_anew(studio);
  }
  studio.ui.map.note("animate.motion." + id);
  studio.ui.tooltips.show(help);
}

void draw_motion(Studio& studio) {
  AnimateSettings& settings = studio.settings.animate;
  Ui& ui = studio.ui;
  const bool own_frames = studio.view.animate.own_frames;
  const std::string help = own_frames ? kOwnFramesHelp : help_of(settings.motion);
  field_label(ui, "Motion", help);
  if (begin_combo(ui, "animate.motion", own_frames ? kOwnFramesLabel : label_of(settings.motion), shown_motion(studio))) {
    if (!studio.view.animate.sprite.frames.empty()) {
      draw_choice(studio, kOwnFrames, kOwnFramesLabel, kOwnFramesHelp);
      ImGui::Separator();
    }
    quiet_text(kByRule);
    for (const Motion& motion : motions()) draw_choice(studio, motion.id, motion.label, help_of(motion.id));
    ImGui::Separator();
    quiet_text(kByModel);
    draw_choice(studio, kSeedPath, kSeedPathLabel, help_of(kSeedPath));
    ImGui::EndCombo();
  } else {
    ui.tooltips.show(help);
  }
  small_text(ui, help + ".", colour::quiet());
  gap(ui);
  if (studio.view.animate.own_frames || settings.motion == kSeedPath) return;
  ParamMap& values = settings.values.at(settings.motion);
  bool changed = false;
  for (const ParamSpec& spec : find_motion(settings.motion).params) changed |= param_row(ui, "animate.", spec, values);
  if (changed) move_anew(studio);
}

void draw_playing(Studio& studio) {
  Ui& ui = studio.ui;
  AnimateView& view = studio.view.animate;
  bool changed = false;
  for (const ParamSpec& spec : animation_specs()) {
    if (view.own_frames && spec.id == "frames") continue;  // there are as many as there are
    changed |= param_row(ui, "animate.", spec, studio.settings.animate.playing);
  }
  if (changed) move_anew(studio);
  std::int64_t all = view.durations_ms.front();
  if (number_row(ui, "animate.all_ms", "Each stands", all, 1, kMostFrameMs, "All frames; below each is its own", "ms"))
    std::fill(view.durations_ms.begin(), view.durations_ms.end(), static_cast<int>(all));
  if (ImGui::IsItemActive()) return;
  for (int& ms : view.durations_ms) ms = std::clamp(ms, kLeastFrameMs, kMostFrameMs);
}

void draw_model(Studio& studio) {
  AnimateSettings& settings = studio.settings.animate;
  Ui& ui = studio.ui;
  AnimateView& view = studio.view.animate;
  if (view.own_frames) return;
  if (settings.motion != kSeedPath) {
    bool redrawn = settings.redrawn;
    if (ImGui::Checkbox("Redrawn by the model##animate.redrawn", &redrawn)) {
      settings.redrawn = redrawn;
      move_anew(studio);
    }
    ui.map.note("animate.redrawn", ParamValue(settings.redrawn));
    ui.tooltips.show("The rule moves each frame, then the model draws it anew: its outline stays, and so do the sprite's colours");
  } else {
    quiet_text("Drawn by the model");
  }
  if (!is_drawn_by_model(studio)) return;
  for (const char* id : {"strength", "seed"})
    param_row(ui, "animate.", find_spec(redraw_specs(), id, "redrawing"), settings.redraw);
  gap(ui);
  const RedrawMirror& redraw = studio.mirror.redraw;
  const bool running = view.preparing.valid() || redraw.running();
  if (running) {
    if (action_button(ui, "animate.stop", "Stop", {-FLT_MIN, ui.px(34)}, {}, "The frames that are drawn stay")) {
      studio.mirror.redraw.stop();
      view.preparing = {};
    }
    small_text(ui, std::to_string(redraw.done()) + " of " + std::to_string(redraw.count()) + " drawn", colour::quiet());
  } else if (main_button(ui, "animate.draw", view.drawn ? "Draw again" : "Draw the frames", {-FLT_MIN, ui.px(34)},
                         why_not_draw(studio), "The first frame stays the sprite; the model draws the others")) {
    draw_frames(studio);
  }
}

void draw_problem(Studio& studio) {
  const auto& problem = studio.view.animate.problem;
  if (!problem) return;
  const Ui& ui = studio.ui;
  gap(ui);
  small_text(ui, sentence(problem->message) + ".", colour::error());
  small_text(ui, sentence(problem->hint) + ".", colour::quiet());
  studio.ui.map.note("animate.problem", ParamValue(problem->message));
}

}  // namespace

void draw_animate_settings_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const AnimateView& view = studio.view.animate;
  begin_panel("animate_settings", rect);
  const Image& image = view.sprite.image;
  ImGui::TextUnformatted(("Animate " + view.sprite.name).c_str());
  quiet_text(std::to_string(image.width) + "×" + std::to_string(image.height));
  gap(ui);
  draw_motion(studio);
  gap(ui);
  ImGui::Separator();
  gap(ui);
  draw_playing(studio);
  gap(ui);
  ImGui::Separator();
  gap(ui);
  draw_model(studio);
  draw_problem(studio);
  const float height = ui.px(44);
  ImGui::SetCursorPosY(std::max(ImGui::GetCursorPosY(), ImGui::GetWindowHeight() - height - ImGui::GetStyle().WindowPadding.y));
  if (action_button(ui, "animate.done", "Done", {-FLT_MIN, height}, {}, "Back to all sprites (Esc)")) close_animation(studio);
  end_panel();
}

}  // namespace kiln
