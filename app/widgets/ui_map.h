#pragma once

#include <imgui.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/state/frame_times.h"
#include "app/state/mirror.h"
#include "engine/base/param_spec.h"

namespace kiln {

// A file that tells what is on screen, for programs that drive the window: each visible widget's name, rectangle, enabled state and
// value, what the left mouse button was last pressed on, the current job, the training, what is told, and how long frames take.
// Kept only if SPRITEKILN_UI_MAP names it.
class UiMap {
 public:
  using Value = std::optional<ParamValue>;

  UiMap();
  bool on() const { return !file_.empty(); }

  void begin_frame() { widgets_.clear(); }
  // The widget drawn last, if any of it can be seen. Call it inside BeginDisabled, if it is.
  void note(std::string_view name, Value value = {});
  void note(std::string_view name, ImVec2 min, ImVec2 max, Value value = {});

  // What the frame's widgets were drawn from: the file must not say that a set is read while its widgets still show the one before.
  void end_frame(const Mirror& mirror, const FrameStats& frames, std::uint64_t frames_drawn);

  // Writes the file of the last whole frame if it would change, at most ten times a second. Returns when to call it again
  // (`now_s`'s clock), or below 0.
  double write(double now_s);

 private:
  struct Widget {
    std::string name;
    ImVec2 min, max;
    bool enabled;
    bool pressed;  // in this frame
    Value value;
  };

  std::string document() const;

  std::filesystem::path file_;
  nlohmann::json state_;
  std::vector<Widget> widgets_;
  std::uint64_t presses_ = 0;         // of the left mouse button
  std::vector<std::string> pressed_;  // the widgets under the last of them
  std::string written_;
  double written_at_s_ = -1;
};

}  // namespace kiln
