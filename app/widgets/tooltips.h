#pragma once

#include <imgui.h>

#include <string>

namespace kiln {

// Explanations that come up when the pointer rests on something, so that they are not in the way of who knows what they
// want. What was clicked explains itself no more until the pointer has been elsewhere.
class Tooltips {
 public:
  static constexpr double kRest_s = 0.5;

  void begin_frame(double now_s);
  // For the item drawn last, also when it is disabled. Empty text shows nothing.
  void show(const std::string& text);
  // When the next one is due, on the clock of begin_frame; below 0: none is.
  double due_s() const { return due_s_; }

 private:
  double now_s_ = 0;
  double due_s_ = -1;
  ImVec2 resting_on_{-1, -1};  // the item's corner
  ImVec2 clicked_{-1, -1};
  double since_s_ = 0;
  bool still_there_ = false;
};

}  // namespace kiln
