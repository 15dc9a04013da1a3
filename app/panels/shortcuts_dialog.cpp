#include "app/panels/shortcuts_dialog.h"

#include "app/widgets/fields.h"
#include "app/widgets/modal.h"

namespace kiln {
namespace {

constexpr const char* kTitle = "Keys and pointer";

struct Entry {
  const char *keys, *action;
};
constexpr Entry kKeys[] = {
    {"Ctrl+Enter, or Enter", "Generate; while sprites are made: queue"},
    {"Esc", "Stop, to keep or discard; select nothing"},
    {"Ctrl+A, arrows", "Select all sprites; the one beside (gallery, too)"},
    {"E", "Edit the chosen sprite's pixels"},
    {"R, Del", "Make the selected anew; take them away"},
    {"Ctrl+Z, Ctrl+Y", "Undo and redo that, and what was drawn"},
    {"Space, arrows", "In an animation: play; one frame on"},
    {"S", "Keep the sprite in the gallery; there: star"},
    {"Ctrl+C", "Copy commands that make them again"},
    {"Ctrl+Shift+C, Ctrl+V", "Copy the sprite as an image; start from a copied one"},
    {", and .", "Earlier and later steps of the fade"},
    {"B, T, G", "The batch before, tiles, pixel grid"},
    {"Ctrl and +, -, 0", "Everything larger, smaller, as usual"},
    {"F1", "This list"},
    {"Ctrl+Q", "Close the window"},
};
constexpr Entry kPointer[] = {
    {"Click a class", "Choose it alone"},
    {"Ctrl or Shift and click", "Add a class, or sprites; take away"},
    {"Drag over sprites", "Select those"},
    {"Alt and drag a sprite", "Give it to another program, as a file"},
    {"Double click a sprite", "Edit its pixels"},
    {"Drag an edge between panels", "Resize them; double click: as before"},
    {"Wheel, middle button", "Zoom and move the large sprite"},
    {"Ctrl and click a slider", "Type a number"},
    {"Double click a slider", "Back to its default"},
    {"Drop files on the window", "Open a model or sprites, or bring a sprite's settings back"},
};

template <std::size_t N>
void draw_entries(const Ui& ui, const char* heading, const Entry (&entries)[N]) {
  quiet_text(heading);
  for (const Entry& entry : entries) {
    const float start = ImGui::GetCursorPosX();
    ImGui::TextUnformatted(entry.keys);
    ImGui::SameLine(start + ui.px(210));
    ImGui::TextUnformatted(entry.action);
  }
  ImGui::Dummy({0, ui.px(8)});
}

}  // namespace

void draw_shortcuts_dialog(Studio& studio) {
  bool& open = studio.view.shortcuts_open;
  if (!open && !ImGui::IsPopupOpen(kTitle)) return;
  Ui& ui = studio.ui;
  if (open && !ImGui::IsPopupOpen(kTitle)) ImGui::OpenPopup(kTitle);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(22), ui.px(18)));
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  if (begin_modal(kTitle, ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings |
                              ImGuiWindowFlags_NoMove)) {
    draw_entries(ui, "Keys", kKeys);
    draw_entries(ui, "Pointer", kPointer);
    if (action_button(ui, "shortcuts.close", "Close", {ui.px(110), ui.px(32)}, {}, "Esc")) open = false;
    if (!open) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace kiln
