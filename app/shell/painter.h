#pragma once

#include <imgui.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "app/gl/window.h"
#include "app/panels/frame.h"
#include "app/shell/imgui_context.h"
#include "app/widgets/ui.h"

namespace kiln {

// Brings ImGui's frame to the screen. Where the last frame is still in the back buffer, it draws only the panels that look
// different now: with software GL most of a frame's time is spent on what has not changed.
class Painter {
 public:
  // `all`: draw everything (after input, resizing, uncovering).
  void paint(const Window& window, ImGuiContextOwner& imgui, const std::vector<PanelBackground>& backgrounds, bool all);

 private:
  struct Seen {
    Rect rect;
    std::uint64_t hash;
  };
  std::map<std::string, Seen> last_;
  bool overlay_ = false;  // a tooltip or an open list was over the panels
};

}  // namespace kiln
