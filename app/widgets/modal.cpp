#include "app/widgets/modal.h"

#include <imgui_internal.h>

namespace kiln {

bool begin_modal(const char* title, ImGuiWindowFlags flags) {
  if (!ImGui::BeginPopupModal(title, nullptr, flags)) return false;
  // Dear ImGui 1.86 ends the program where another window appears after a modal one in that one's first frame: it looks for the
  // modal one among those of the frame before.
  ImGui::GetCurrentWindow()->WasActive = true;
  return true;
}

void close_abandoned_popups() {
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  for (int i = 0; i < context.OpenPopupStack.Size; ++i) {
    const ImGuiPopupData& popup = context.OpenPopupStack[i];
    if (popup.OpenFrameCount >= context.FrameCount - 1 || (popup.Window && popup.Window->WasActive)) continue;
    ImGui::ClosePopupToLevel(i, true);
    return;
  }
}

}  // namespace kiln
