#include "app/widgets/keys.h"

namespace kiln {

bool keys_are_free() {
  return !ImGui::GetIO().WantTextInput && !ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

std::string typed_letters() {
  std::string letters;
  if (!keys_are_free()) return letters;
  for (const ImWchar c : ImGui::GetIO().InputQueueCharacters) {
    if (c >= 'a' && c <= 'z') letters += static_cast<char>(c - 'a' + 'A');
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c);
  }
  return letters;
}

bool key_typed(ImGuiKey key) { return keys_are_free() && ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), false); }

}  // namespace kiln
