#include "app/panels/shortcuts.h"

#include <cctype>
#include <string>
#include <vector>

#include "app/panels/actions.h"
#include "app/panels/animate_actions.h"
#include "app/panels/edit_actions.h"
#include "app/widgets/keys.h"

namespace kiln {
namespace {

Places place_of(const View& view) {
  switch (view.tab) {
    case Tab::kGenerate:
      return view.animate.open ? kInAnimation : view.edit.open ? kInEditor : kInGrid;
    case Tab::kGallery:
      return kInGallery;
    case Tab::kData:
      return kInData;
    case Tab::kTrain:
      return kInTrain;
    case Tab::kLab:
      break;
  }
  return kInLab;
}

// Of the keys that text fields know themselves, none reaches the window while one is open.
bool is_for_window_while_typing(const KeyStroke& stroke) {
  constexpr std::string_view kTextKeys = "ACVXYZ";
  const bool function_key = stroke.key.size() > 1 && stroke.key[0] == 'F' && std::isdigit(stroke.key[1]) != 0;
  return function_key || (stroke.ctrl && (stroke.key.size() > 1 || kTextKeys.find(stroke.key) == std::string_view::npos));
}

// Ends what is under way, the innermost first.
void take_escape(Studio& studio) {
  View& view = studio.view;
  if (!view.key_asked.empty()) {
    view.key_asked.clear();
    view.key_problem.clear();
  } else if (view.shortcuts_open) {
    view.shortcuts_open = false;
  } else if (view.closing == Closing::kAsked) {
    view.closing = Closing::kNo;
  } else if (view.drags_out) {
    studio.exchange.cancel_drag();
  } else if (!keys_are_free()) {
    // it ends typing, or closes a list or a dialog
  } else if (place_of(view) == kInAnimation) {
    close_animation(studio);
  } else if (place_of(view) == kInEditor) {
    step_out_of_editor(studio);
  } else {
    studio.mirror.pause();
    view.generate_waits = false;
  }
}

}  // namespace

void take_keys(Studio& studio) {
  View& view = studio.view;
  const bool asked = !view.key_asked.empty();  // the key is then for the list of keys
  if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false)) take_escape(studio);
  if (asked) return;
  for (const KeyStroke& stroke : pressed_keys()) {
    const KeyAction* action = action_of(key_actions(), studio.settings.keys, place_of(view), stroke);
    if (action == nullptr || action->run == nullptr) continue;
    if (keys_are_free() || (action->while_typing && is_for_window_while_typing(stroke))) action->run(studio);
  }
}

std::string key_of(const Studio& studio, std::string_view id) {
  const KeyAction* action = find_action(key_actions(), id);
  return action ? keys_text(*action, studio.settings.keys) : "";
}

std::string key_hint(const Studio& studio, std::string_view id) {
  const std::string keys = key_of(studio, id);
  return keys.empty() ? "" : " (" + keys + ")";
}

void drop_unsound_keys(Studio& studio) {
  std::string dropped;
  for (const std::string& each : drop_unsound(key_actions(), studio.settings.keys))
    dropped += (dropped.empty() ? "“" : ", “") + each + "”";
  if (!dropped.empty())
    studio.mirror.notices.add(NoticeKind::kInfo, "some keys in the settings cannot be, and are as by default: " + dropped,
                              "F1 lists all keys, and gives others");
}

}  // namespace kiln
