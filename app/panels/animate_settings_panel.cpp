#include "app/panels/animate_settings_panel.h"

#include <algorithm>
#include <string>

#include "app/panels/animate_actions.h"
#include "app/panels/animate_morph.h"
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
constexpr const char* kBetween = "By the model, from one sprite to another";
constexpr const char* kSelectTwo =
    "The model draws the way from one sprite to another. Go back (Esc), select two, the second with Ctrl and a click, and "
    "“Animate…” again";

void gap(const Ui& ui) { ImGui::Dummy({0, ui.px(4)}); }

bool is_morph(const Studio& studio) { return studio.view.animate.source == FrameSource::kMorphed; }

std::string shown_motion(const Studio& studio) {
  switch (studio.view.animate.source) {
    case FrameSource::kOwn:
      return kOwnFrames;
    case FrameSource::kMorphed:
      return kMorph;
    case FrameSource::kMoved:
      break;
  }
  return studio.settings.animate.motion;
}

std::string label_of(const std::string& shown) {
  if (shown == kOwnFrames) return kOwnFramesLabel;
  if (shown == kMorph) return kMorphLabel;
  return shown == kSeedPath ? kSeedPathLabel : find_motion(shown).label;
}

std::string help_of(const std::string& shown) {
  if (shown == kOwnFrames) return kOwnFramesHelp;
  if (shown == kMorph) return std::string("Drawn by the model. ") + kMorphHelp;
  return shown == kSeedPath ? std::string("Drawn by the model. ") + kSeedPathHelp : "Drawn by rule. " + find_motion(shown).help;
}

void draw_choice(Studio& studio, const std::string& id, const std::string& help) {
  AnimateView& view = studio.view.animate;
  const bool is_chosen = shown_motion(studio) == id;
  if (ImGui::Selectable(label_of(id).c_str(), is_chosen) && !is_chosen) {
    view.source = id == kOwnFrames ? FrameSource::kOwn : id == kMorph ? FrameSource::kMorphed : FrameSource::kMoved;
    if (view.source == FrameSource::kMoved) studio.settings.animate.motion = id;
    view.player.plays = true;
    move_anew(studio);
  }
  studio.ui.map.note("animate.motion." + id);
  studio.ui.tooltips.show(help);
}

void draw_choices(Studio& studio) {
  const AnimatedSprite& sprite = studio.view.animate.sprite;
  if (!sprite.frames.empty()) {
    draw_choice(studio, kOwnFrames, kOwnFramesHelp);
    ImGui::Separator();
  }
  quiet_text(kByRule);
  for (const Motion& motion : motions()) draw_choice(studio, motion.id, help_of(motion.id));
  ImGui::Separator();
  quiet_text(kByModel);
  draw_choice(studio, kSeedPath, help_of(kSeedPath));
  ImGui::Separator();
  quiet_text(kBetween);
  ImGui::BeginDisabled(sprite.ends.size() != 2);
  draw_choice(studio, kMorph, sprite.ends.size() == 2 ? help_of(kMorph) : kSelectTwo);
  ImGui::EndDisabled();
}

// Where a morph begins and ends; the list turns it round.
void draw_ends(Studio& studio) {
  Ui& ui = studio.ui;
  const AnimateView& view = studio.view.animate;
  const MorphEnd &from = view.sprite.ends.front(), &to = view.sprite.ends.back();
  field_label(ui, "From", "The sprite that it begins at");
  ImGui::TextUnformatted(from.name.c_str());
  const std::string help = "The sprite that it ends at: one of the two that were selected; it begins at the other";
  field_label(ui, "To", help);
  bool turn = false;
  if (begin_combo(ui, "animate.to", to.name, to.name)) {
    for (const MorphEnd* end : {&from, &to}) {
      ImGui::PushID(end);
      turn |= ImGui::Selectable(end->name.c_str(), end == &to) && end == &from;
      ImGui::PopID();
      ui.map.note("animate.to." + end->name);
    }
    ImGui::EndCombo();
  } else {
    ui.tooltips.show(help);
  }
  if (!view.problem && !made_alike(from, to))
    small_text(ui,
               "The two were made with different settings. All frames have those of the first, so that the last one may look other "
               "than the sprite.",
               colour::quiet());
  gap(ui);
  if (turn) turn_morph(studio);
}

void draw_motion(Studio& studio) {
  AnimateSettings& settings = studio.settings.animate;
  Ui& ui = studio.ui;
  const std::string shown = shown_motion(studio), help = help_of(shown);
  field_label(ui, "Motion", help);
  if (begin_combo(ui, "animate.motion", label_of(shown), shown)) {
    draw_choices(studio);
    ImGui::EndCombo();
  } else {
    ui.tooltips.show(help);
  }
  small_text(ui, help + ".", colour::quiet());
  gap(ui);
  if (is_morph(studio)) return draw_ends(studio);
  if (studio.view.animate.source != FrameSource::kMoved || settings.motion == kSeedPath) return;
  ParamMap& values = settings.values.at(settings.motion);
  bool changed = false;
  for (const ParamSpec& spec : find_motion(settings.motion).params) changed |= param_row(ui, "animate.", spec, values);
  if (changed) move_anew(studio);
}

void draw_playing(Studio& studio) {
  Ui& ui = studio.ui;
  AnimateView& view = studio.view.animate;
  bool changed = false;
  for (const ParamSpec& spec : morph_specs())
    changed |= is_morph(studio) && param_row(ui, "animate.", spec, studio.settings.animate.morph);
  for (const ParamSpec& spec : animation_specs()) {
    if (spec.id == "frames" && view.source != FrameSource::kMoved)
      continue;  // a morph's are above; its own are as many as there are
    changed |= param_row(ui, "animate.", spec, studio.settings.animate.playing);
  }
  if (changed) move_anew(studio);
  std::int64_t all = view.durations_ms.front();
  if (number_row(ui, "animate.all_ms", "Each stands", all, 1, kMostFrameMs, "All frames; below each is its own", "ms"))
    std::fill(view.durations_ms.begin(), view.durations_ms.end(), static_cast<int>(all));
  if (ImGui::IsItemActive()) return;
  for (int& ms : view.durations_ms) ms = std::clamp(ms, kLeastFrameMs, kMostFrameMs);
}

std::string draw_label(const Studio& studio) {
  const AnimateView& view = studio.view.animate;
  if (is_morph(studio)) return morph_frames_drawn(view) > 0 ? "Draw the other frames" : "Draw the frames";
  return view.drawn ? "Draw again" : "Draw the frames";
}

void draw_drawing(Studio& studio) {
  Ui& ui = studio.ui;
  AnimateView& view = studio.view.animate;
  const RedrawMirror& redraw = studio.mirror.redraw;
  const char* help = is_morph(studio) ? "The model draws each frame: noise and classes on the way from one sprite to the other"
                                      : "The first frame stays the sprite; the model draws the others";
  if (view.preparing.valid() || redraw.running()) {
    if (action_button(ui, "animate.stop", "Stop", {-FLT_MIN, ui.px(34)}, {}, "The frames that are drawn stay")) {
      studio.mirror.redraw.stop();
      view.preparing = {};
    }
    small_text(ui, std::to_string(redraw.done()) + " of " + std::to_string(redraw.count()) + " drawn", colour::quiet());
  } else if (main_button(ui, "animate.draw", draw_label(studio), {-FLT_MIN, ui.px(34)}, why_not_draw(studio), help)) {
    draw_frames(studio);
  }
}

void draw_model(Studio& studio) {
  AnimateSettings& settings = studio.settings.animate;
  Ui& ui = studio.ui;
  const AnimateView& view = studio.view.animate;
  if (view.source == FrameSource::kOwn) return;
  if (is_morph(studio)) return draw_drawing(studio);
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
  draw_drawing(studio);
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
  const Image& image = is_morph(studio) ? view.sprite.ends.front().image : view.sprite.image;
  ImGui::TextUnformatted((is_morph(studio) ? "From one sprite to another" : "Animate " + view.sprite.name).c_str());
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
