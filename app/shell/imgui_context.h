#pragma once

#include <imgui.h>

#include <vector>

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
  void end_frame();  // makes the draw lists
  // Draws these of the frame's draw lists into the current framebuffer.
  void draw(const std::vector<ImDrawList*>& lists);
  // Input that ImGui left for the next frame, so that a fast click is not lost.
  bool has_input_left() const;
  void fonts_changed();
};

}  // namespace kiln
