#pragma once

#include "app/gl/window.h"

namespace kiln {

// ImGui with its GLFW and OpenGL backends for one window.
class ImGuiContextOwner {
 public:
  explicit ImGuiContextOwner(Window& window);
  ~ImGuiContextOwner();
  ImGuiContextOwner(const ImGuiContextOwner&) = delete;
  ImGuiContextOwner& operator=(const ImGuiContextOwner&) = delete;

  void begin_frame();
  void end_frame();   // makes the draw lists
  void draw();        // into the current framebuffer
  void fonts_changed();
};

}  // namespace kiln
