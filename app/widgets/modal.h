#pragma once

#include <imgui.h>

namespace kiln {

// ImGui's modal popup. When it is true, its content and ImGui::EndPopup() follow.
bool begin_modal(const char* title, ImGuiWindowFlags flags);

// Closes popups that are not drawn any more, since what drew them has gone: a dropped file or a key brought up another tab. They
// would go on to block the window. Once a frame, before anything is drawn.
void close_abandoned_popups();

}  // namespace kiln
