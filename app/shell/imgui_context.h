#pragma once

#include <imgui.h>

#include <vector>

#include "app/gl/window.h"
#if IMGUI_VERSION_NUM < 18700
#include "app/shell/queued_input.h"
#endif

namespace kiln {

// ImGui with its GLFW and OpenGL backends for one window.
class ImGuiContextOwner {
 public:
  explicit ImGuiContextOwner(Window& window);
  ~ImGuiContextOwner();
  ImGuiContextOwner(const ImGuiContextOwner&) = delete;
  ImGuiContextOwner& operator=(const ImGuiContextOwner&) = delete;

  void begin_frame();
  void end_frame();  // makes the draw lists
  // Draws these of the frame's draw lists into the current framebuffer.
  void draw(const std::vector<ImDrawList*>& lists);
  // Input that was left for the next frame, so that fast clicks and keys are not lost.
  bool has_input_left() const;
  void fonts_changed();

#if IMGUI_VERSION_NUM < 18700
 private:
  QueuedInput input_;
#endif
};

}  // namespace kiln
