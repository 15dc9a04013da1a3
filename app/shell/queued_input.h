#pragma once

#include <imgui.h>

#include "app/state/input_queue.h"

struct GLFWwindow;

namespace kiln {

// Before 1.87 ImGui sees only what is pressed when a frame begins, so that what is pressed and let go of between two frames is
// lost. This keeps what came in order and shows ImGui's backend no more of it than a frame can tell apart. One at a time per
// program.
class QueuedInput {
 public:
  explicit QueuedInput(GLFWwindow* window);
  ~QueuedInput();
  QueuedInput(const QueuedInput&) = delete;
  QueuedInput& operator=(const QueuedInput&) = delete;

  void new_frame();  // and the backend's
  bool empty() const { return queue_.empty(); }

 private:
  GLFWwindow* window_;
  InputQueue queue_;
  ImVec2 pointer_{-1, -1};
  bool pointed_ = false;  // there was a pointer_ yet
  bool buttons_[ImGuiMouseButton_COUNT] = {};
};

}  // namespace kiln
