#pragma once

#include <imgui.h>

namespace kiln {

// Around an item that a later, smaller one lies on: that one takes the pointer.
inline void before_overlapped_item() {
#if IMGUI_VERSION_NUM >= 18967
  ImGui::SetNextItemAllowOverlap();
#endif
}

inline void after_overlapped_item() {
#if IMGUI_VERSION_NUM < 18967
  ImGui::SetItemAllowOverlap();
#endif
}

}  // namespace kiln
