#include "app/panels/sprite_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/animate_actions.h"
#include "app/panels/edit_actions.h"
#include "app/panels/exchange_actions.h"
#include "app/panels/frame.h"
#include "app/panels/grid_actions.h"
#include "app/panels/large_view_panel.h"
#include "app/panels/repair_panel.h"
#include "app/panels/shortcuts.h"
#include "app/panels/steer_actions.h"
#include "app/state/colours.h"
#include "app/state/command_line.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr int kSwatchRows = 2;
constexpr int kSwatchDistance = 32;  // of colours shown as one

// What is made of the chosen sprite.
void draw_steering(Studio& studio, float width) {
  Ui& ui = studio.ui;
  const float half = std::floor((width - ImGui::GetStyle().ItemSpacing.x) / 2);
  if (action_button(ui, "sprite.start_from", "Start from this", {half, 0}, why_not_start_from(studio),
                    "Sprites start from this one, with noise on it" + key_hint(studio, "start_from")))
    start_from_sprite(studio);
  ImGui::SameLine();
  if (action_button(ui, "sprite.repair", "Repair…", {half, 0}, why_not_sprite(studio),
                    "Paint over a part of it, and have that part made anew" + key_hint(studio, "repair")))
    open_repair(studio);
  if (action_button(ui, "sprite.more_like", "More like this", {half, 0}, why_not_vary(studio),
                    "Sprites from noise that is near to this one's" + key_hint(studio, "more_like")))
    make_more_like_chosen(studio);
  ImGui::SameLine();
  ImGui::SetNextItemWidth(half);
  slider(ui, "sprite.variation", "##sprite.variation", studio.settings.generate.variation, 0.01, 1, 0.3, "by %.2f");
  ui.tooltips.show("How far they may be from it: little stays near, 1 is as free as any");
}

void find_colours(View& view, const GeneratedBatch& batch) {
  if (view.colours_version == batch.version && view.colours_index == view.chosen) return;
  view.colours = batch.has_pixels() ? colours_of(batch.image(view.chosen)) : std::vector<Rgb8>();
  view.swatches = apart(view.colours, kSwatchDistance);
  view.colours_version = batch.version;
  view.colours_index = view.chosen;
}

void draw_swatches(Studio& studio, float width) {
  Ui& ui = studio.ui;
  View& view = studio.view;
  find_colours(view, studio.mirror.batch());
  const int count = static_cast<int>(view.colours.size());
  quiet_text(std::to_string(count) + (count == 1 ? " colour" : " colours"));
  const float side = ui.px(18), gap = ui.px(3);
  const int columns = std::max(1, static_cast<int>((width + gap) / (side + gap)));
  const int shown = std::min(static_cast<int>(view.swatches.size()), columns * kSwatchRows);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  for (int i = 0; i < shown; ++i) {
    const Rgb8 c = view.swatches[static_cast<std::size_t>(i)];
    const int column = i % columns, row = i / columns;
    const ImVec2 at{origin.x + static_cast<float>(column) * (side + gap), origin.y + static_cast<float>(row) * (side + gap)};
    ImGui::SetCursorScreenPos(at);
    ImGui::PushID(i);
    if (ImGui::InvisibleButton("swatch", {side, side})) ImGui::SetClipboardText(hex(c).c_str());
    ImGui::PopID();
    ui.tooltips.show(hex(c) + ", click to copy");
    list->AddRectFilled(at, {at.x + side, at.y + side}, IM_COL32(c.r, c.g, c.b, 255), ui.px(2));
  }
  // Always the same height, so that what is below stays where it is.
  ImGui::SetCursorScreenPos({origin.x, origin.y + kSwatchRows * (side + gap)});
}

// The seed, and at its right what can be done with it; a very long one is cut off there.
void draw_seed(Studio& studio, float width) {
  Ui& ui = studio.ui;
  const std::uint64_t seed = studio.mirror.batch().seed(studio.view.chosen);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float button = ui.px(48), between = ui.px(4), height = ImGui::GetTextLineHeightWithSpacing();
  const float right = at.x + width - 2 * button - between;
  ImGui::PushClipRect(at, {right, at.y + height}, true);
  fact_row(ui, "Seed", std::to_string(seed), 58);
  ImGui::PopClipRect();
  const ImVec2 below = ImGui::GetCursorScreenPos();
  const ImVec2 size{button, ImGui::GetTextLineHeight() + ui.px(4)};
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, 0));
  ImGui::SetCursorScreenPos({right, at.y - ui.px(2)});
  if (action_button(ui, "sprite.copy_seed", "Copy", size, {}, "The seed to the clipboard"))
    ImGui::SetClipboardText(std::to_string(seed).c_str());
  ImGui::SetCursorScreenPos({right + button + between, at.y - ui.px(2)});
  if (action_button(ui, "sprite.use_seed", "Use", size, {}, "Locks this seed, so that Generate starts with this sprite")) {
    studio.settings.generate.shared_params["seed"] = whole_number(seed);
    studio.settings.generate.seed_locked = true;
  }
  ImGui::PopStyleVar();
  ImGui::SetCursorScreenPos(below);
}

// The one that is seen, also where the timeline shows an earlier one.
void draw_step(Studio& studio, int index) {
  const GeneratedBatch& batch = studio.mirror.batch();
  const auto earlier = studio.view.grid.timeline.earlier_step(batch, index);
  const std::string step = std::to_string(earlier.value_or(batch.step_of(index))) + " of " + std::to_string(batch.total_of(index)) +
                           (!earlier && batch.edited.contains(index) ? ", then edited by hand" : "");
  fact_row(studio.ui, "Step", step, 58);
  studio.ui.map.note("sprite.step", ParamValue(step));
}

void draw_copy_buttons(Studio& studio, float half) {
  Ui& ui = studio.ui;
  const GeneratedBatch& batch = studio.mirror.batch();
  const auto i = static_cast<std::size_t>(studio.view.chosen);
  const bool finished = i < batch.sprites.size() && i < batch.origins.size() && studio.mirror.is_finished(studio.view.chosen);
  const std::string unfinished = finished ? "" : "The sprite is still being made";
  if (action_button(ui, "sprite.copy_image", "Copy image", {half, 0}, why_not_copy_image(studio, studio.view.chosen),
                    "The PNG to the clipboard" + key_hint(studio, "copy_image") +
                        ". Alt and drag a sprite onto another program to give it a file"))
    copy_image(studio);
  ImGui::SameLine();
  if (action_button(ui, "sprite.copy_recipe", "Copy recipe", {half, 0}, unfinished, "All that made this sprite, as text")) {
    ImGui::SetClipboardText(recipe_lines(batch.sprites[i].recipe, studio.mirror.catalog()).c_str());
  }
  const std::string commands = key_of(studio, "copy_commands");
  const std::string why_not = finished ? why_no_command(batch.sprites[i].recipe, batch.origins[i].total) : unfinished;
  if (action_button(ui, "sprite.copy_command", "Copy command", {-FLT_MIN, 0}, why_not,
                    "A command that makes this sprite again" +
                        (commands.empty() ? "" : "; " + commands + " does so for all that are selected"))) {
    ImGui::SetClipboardText(command_of(studio, studio.view.chosen).c_str());
  }
}

}  // namespace

void draw_sprite_panel(Studio& studio, float width) {
  Ui& ui = studio.ui;
  const GeneratedBatch& batch = studio.mirror.batch();
  if (batch.count() == 0) {
    quiet_text("The sprite you click is\nshown large here.");
    return;
  }
  const int index = studio.view.chosen;
  draw_large_view(studio, width);
  ImGui::Dummy({0, ui.px(4)});
  if (studio.view.steer.repair.on) {
    draw_repair_tools(studio, width);
    return;
  }
  const int frame = batch.frame(index);
  fact_row(ui, "Class", describe(batch.condition(index)) + (frame > 0 ? ", frame " + std::to_string(frame) : ""), 58);
  draw_seed(studio, width);
  draw_step(studio, index);
  const float half = std::floor((width - ImGui::GetStyle().ItemSpacing.x) / 2);
  draw_copy_buttons(studio, half);
  const std::string edit = key_of(studio, "edit");
  if (action_button(ui, "edit.open", "Edit pixels", {half, 0}, why_not_edit(studio, index),
                    "Draw on this sprite: double click" + (edit.empty() ? "" : ", or " + edit)))
    open_editor(studio, index);
  ImGui::SameLine();
  if (action_button(ui, "sprite.animate", "Animate…", {half, 0}, why_not_animate(studio),
                    kAnimateHelp + key_hint(studio, "animate")))
    animate_chosen(studio);
  draw_steering(studio, width);
  ImGui::Dummy({0, ui.px(2)});
  draw_swatches(studio, width);
}

}  // namespace kiln
