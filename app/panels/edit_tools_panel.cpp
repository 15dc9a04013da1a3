#include "app/panels/edit_tools_panel.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/edit_actions.h"
#include "app/panels/edit_tools.h"
#include "app/panels/exchange_actions.h"
#include "app/panels/frame.h"
#include "app/panels/gallery_actions.h"
#include "app/panels/shortcuts.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

// A button as wide as the panel that stays pressed while it is `on`, its key at the right.
bool key_button(Ui& ui, const char* name, const char* label, const std::string& key, bool on, const std::string& help) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{ImGui::GetContentRegionAvail().x, ui.px(28)};
  if (on) ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(ImGuiCol_ButtonActive));
  ImGui::PushStyleVar(ImGuiStyleVar_ButtonTextAlign, ImVec2(0, 0.5f));
  const bool pressed = ImGui::Button((std::string(label) + "##" + name).c_str(), size);
  ImGui::PopStyleVar();
  if (on) ImGui::PopStyleColor();
  ui.map.note(name, ParamValue(on));
  ui.tooltips.show(key.empty() ? help : help + " (" + key + ")");
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 text = ImGui::CalcTextSize(key.c_str());
  list->AddText({at.x + size.x - text.x - ui.px(10), std::floor(at.y + (size.y - text.y) / 2)}, packed(colour::quiet()),
                key.c_str());
  if (on) list->AddRectFilled({at.x, at.y}, {at.x + ui.px(3), at.y + size.y}, packed(colour::chosen()), ui.px(1));
  return pressed;
}

void gap(const Ui& ui) { ImGui::Dummy({0, ui.px(4)}); }

void draw_tools(Studio& studio) {
  Ui& ui = studio.ui;
  DrawingKit& kit = studio.view.edit.editor.kit;
  for (const EditToolInfo& tool : kEditTools) {
    if (key_button(ui, tool.name, tool.label, key_of(studio, tool.name), kit.tool == tool.tool, tool.help)) kit.tool = tool.tool;
  }
  gap(ui);
  if (key_button(ui, "edit.filled", "Filled rectangles", key_of(studio, "edit.filled"), kit.filled,
                 "The rectangle tool fills what it draws"))
    kit.filled = !kit.filled;
  if (key_button(ui, "edit.mirror_x", "Mirror ↔", key_of(studio, "edit.mirror_x"), kit.mirroring.left_right,
                 "What is drawn on one side is drawn on the other side too"))
    kit.mirroring.left_right = !kit.mirroring.left_right;
  if (key_button(ui, "edit.mirror_y", "Mirror ↕", key_of(studio, "edit.mirror_y"), kit.mirroring.top_bottom,
                 "What is drawn above is drawn below too, and the other way round"))
    kit.mirroring.top_bottom = !kit.mirroring.top_bottom;
}

// Two buttons side by side; which one was pressed, 0 or 1, or -1.
int pair_of_buttons(Ui& ui, const char* (&names)[2], const char* (&labels)[2], const std::string (&why_not)[2],
                    const std::string (&helps)[2]) {
  const float half = std::floor((ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2);
  int pressed = -1;
  for (int i = 0; i < 2; ++i) {
    if (i == 1) ImGui::SameLine();
    if (action_button(ui, names[i], labels[i], {half, ui.px(28)}, why_not[i], helps[i])) pressed = i;
  }
  return pressed;
}

void draw_whole(Studio& studio) {
  Ui& ui = studio.ui;
  PixelEditor& editor = studio.view.edit.editor;
  const std::string of = editor.selection() ? "the selection" : "the sprite";
  const char* flip_names[] = {"edit.flip_x", "edit.flip_y"};
  const char* flip_labels[] = {"Flip ↔", "Flip ↕"};
  const int flip = pair_of_buttons(ui, flip_names, flip_labels, {"", ""},
                                   {"Flips " + of + " left and right" + key_hint(studio, "edit.flip_x"),
                                    "Flips " + of + " top and bottom" + key_hint(studio, "edit.flip_y")});
  if (flip == 0) store_edit(studio, editor.flip_left_right());
  if (flip == 1) store_edit(studio, editor.flip_top_bottom());
  const std::string why_not = editor.can_turn() ? "" : "Only what is as wide as high can be turned";
  const char* turn_names[] = {"edit.turn_left", "edit.turn_right"};
  const char* turn_labels[] = {"Turn ↺", "Turn ↻"};
  const int turn = pair_of_buttons(ui, turn_names, turn_labels, {why_not, why_not},
                                   {"Turns " + of + " by 90° anticlockwise" + key_hint(studio, "edit.turn_left"),
                                    "Turns " + of + " by 90° clockwise" + key_hint(studio, "edit.turn_right")});
  if (turn >= 0) store_edit(studio, editor.turn(turn == 1));
  gap(ui);
  const BatchHistory& edits = studio.mirror.history();
  const std::string *undone = edits.undoable(), *redone = edits.redoable();
  const char* undo_names[] = {"edit.undo", "edit.redo"};
  const char* undo_labels[] = {"Undo", "Redo"};
  const int undo = pair_of_buttons(
      ui, undo_names, undo_labels,
      {undone ? studio.mirror.why_not_undo() : "Nothing to undo", redone ? studio.mirror.why_not_redo() : "Nothing to do again"},
      {undone ? "Undo: " + *undone + key_hint(studio, "undo") : "", redone ? "Again: " + *redone + key_hint(studio, "redo") : ""});
  if (undo >= 0) undo_change(studio, undo == 1);
  const char* clipboard_names[] = {"edit.copy_image", "edit.paste"};
  const char* clipboard_labels[] = {"Copy", "Paste"};
  const int clipboard = pair_of_buttons(
      ui, clipboard_names, clipboard_labels, {why_not_image(studio, ImageWay::kCopy), why_not_image(studio, ImageWay::kPaste)},
      {"The sprite to the clipboard, as an image" + key_hint(studio, "copy_image"),
       "The clipboard's image over the sprite, as a selection to move" + key_hint(studio, "paste")});
  if (clipboard == 0) copy_image(studio);
  if (clipboard == 1) paste_image(studio);
}

// What is drawn can be kept as often as it is another sprite.
void draw_keep(Studio& studio) {
  const int index = studio.view.edit.index;
  const bool kept = is_kept(studio, index);
  const std::string help = kept ? "Click to take it out of the gallery" : "The sprite as it is now, as a file of the gallery";
  if (action_button(studio.ui, "edit.keep", kept ? "Kept" : "Keep", {-FLT_MIN, studio.ui.px(28)}, why_not_keep(studio, index),
                    help + key_hint(studio, "keep")))
    toggle_kept(studio, index);
}

}  // namespace

void draw_edit_tools_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("edit_tools", rect);
  draw_tools(studio);
  gap(ui);
  if (key_button(ui, "edit.grid", "Pixel grid", key_of(studio, "edit.grid"), studio.view.edit.grid, "Lines between the pixels")) {
    studio.view.edit.grid = !studio.view.edit.grid;
  }
  gap(ui);
  draw_whole(studio);
  draw_keep(studio);
  const std::string erase = key_of(studio, "edit.erase");
  small_text(ui,
             studio.view.edit.editor.selection() ? "Arrows move the selection" + (erase.empty() ? "" : ", " + erase + " erases it")
                                                 : "Arrows move all by one pixel",
             colour::quiet());
  const float height = ui.px(44);
  ImGui::SetCursorPosY(std::max(ImGui::GetCursorPosY(), ImGui::GetWindowHeight() - height - ImGui::GetStyle().WindowPadding.y));
  const char* help = studio.mirror.another_pending()
                         ? "To the new sprites (Esc). What you drew stays in its batch: undo brings that back once they are made"
                         : "Back to all sprites (Esc). Exports hold what you drew";
  if (main_button(ui, "edit.done", "Done", {-FLT_MIN, height}, {}, help)) close_editor(studio);
  end_panel();
}

}  // namespace kiln
