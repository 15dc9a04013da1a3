#include "app/panels/shortcuts_dialog.h"

#include <algorithm>
#include <optional>
#include <string>

#include "app/panels/shortcuts.h"
#include "app/widgets/fields.h"
#include "app/widgets/keys.h"
#include "app/widgets/modal.h"

namespace kiln {
namespace {

constexpr const char* kTitle = "Keys and pointer";

constexpr float kKeyWidth = 210, kWidth = 620;                   // design pixels
constexpr float kMostKeys = 340, kLeastKeys = 160, kRest = 400;  // heights, of the keys and of all else

struct Entry {
  const char *what, *action;
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
    ImGui::TextUnformatted(entry.what);
    ImGui::SameLine(start + ui.px(kKeyWidth));
    ImGui::TextUnformatted(entry.action);
  }
  ImGui::Dummy({0, ui.px(8)});
}

// The next key pressed is for the action that was clicked.
void take_asked_key(Studio& studio) {
  View& view = studio.view;
  const KeyAction* action = find_action(key_actions(), view.key_asked);
  if (action == nullptr) return;
  for (const KeyStroke& stroke : pressed_keys()) {
    if (stroke.key == "Escape") continue;
    const bool none = stroke == KeyStroke{"Delete"} || stroke == KeyStroke{"Backspace"};
    view.key_problem = bind_key(key_actions(), studio.settings.keys, *action, none ? std::nullopt : std::optional(stroke));
    if (view.key_problem.empty()) view.key_asked.clear();
    return;
  }
}

void draw_key_row(Studio& studio, const KeyAction& action) {
  Ui& ui = studio.ui;
  View& view = studio.view;
  const bool asked = view.key_asked == action.id;
  const std::string keys = keys_text(action, studio.settings.keys);
  const float start = ImGui::GetCursorPosX();
  ImGui::BeginDisabled(action.run == nullptr);
  if (ImGui::Selectable((std::string("##shortcuts.") + action.id).c_str(), asked, ImGuiSelectableFlags_DontClosePopups)) {
    view.key_asked = action.id;
    view.key_problem.clear();
  }
  ui.map.note(std::string("shortcuts.") + action.id, ParamValue(keys));
  ui.tooltips.show(action.run ? "Click to give it another key" : "This key is fixed");
  ImGui::SameLine(start);
  const bool changed = studio.settings.keys.contains(action.id);
  ImGui::PushStyleColor(ImGuiCol_Text, asked || changed ? colour::chosen() : ImGui::GetStyleColorVec4(ImGuiCol_Text));
  ImGui::TextUnformatted(asked ? "Press a key…" : keys.c_str());
  ImGui::PopStyleColor();
  ImGui::SameLine(start + ui.px(kKeyWidth));
  ImGui::TextUnformatted(action.label);
  ImGui::EndDisabled();
}

void draw_keys(Studio& studio) {
  const Ui& ui = studio.ui;
  const float room = ImGui::GetIO().DisplaySize.y - ui.px(kRest);
  const float height = std::max(ui.px(kLeastKeys), std::min(ui.px(kMostKeys), room));
  ImGui::BeginChild("shortcuts.keys", {ui.px(kWidth), height}, false);
  Places places = 0;
  for (const KeyAction& action : key_actions()) {
    if (action.where != places) quiet_text("Keys: " + places_text(action.where));
    places = action.where;
    draw_key_row(studio, action);
  }
  ImGui::EndChild();
}

// What the last click or key came to, and what to do next.
void draw_told(Studio& studio) {
  const View& view = studio.view;
  const bool asks = !view.key_asked.empty(), refused = !view.key_problem.empty();
  const std::string next =
      asks ? "Press the new key. Esc leaves it as it was, Delete takes it away." : "Click a key to give another.";
  small_text(studio.ui, refused ? view.key_problem + ". " + next : next, refused ? colour::error() : colour::quiet());
  studio.ui.map.note("shortcuts.told", ParamValue(view.key_problem));
  ImGui::Dummy({0, studio.ui.px(4)});
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
    take_asked_key(studio);
    draw_keys(studio);
    draw_told(studio);
    draw_entries(ui, "Pointer", kPointer);
    if (action_button(ui, "shortcuts.close", "Close", {ui.px(110), ui.px(32)}, {}, "Esc")) open = false;
    ImGui::SameLine();
    if (action_button(ui, "shortcuts.reset", "Keys as at first", {0, ui.px(32)},
                      studio.settings.keys.empty() ? "No key was changed" : ""))
      studio.settings.keys.clear();
    if (!open) {
      studio.view.key_asked.clear();
      studio.view.key_problem.clear();
      ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace kiln
