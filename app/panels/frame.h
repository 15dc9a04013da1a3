#pragma once

#include <imgui.h>

#include <string>

#include "app/widgets/ui.h"

namespace kiln {

// A panel's place and the colour under it; `name` is that of its ImGui window.
struct PanelBackground {
  std::string name;
  Rect rect;  // window pixels; backgrounds do not overlap
  ImVec4 colour;
};

// A fixed part of the window that scrolls if it must. It paints no background of its own: the shell clears it, which costs a tenth.
void begin_panel(const char* id, Rect rect, bool padded = true);
void end_panel();

}  // namespace kiln
