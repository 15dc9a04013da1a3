#pragma once

#include <imgui.h>

namespace kiln {

// Colours as ImGui takes them. Greys for everything, colour where it means something.
namespace colour {
inline const ImVec4 kCanvas{0.086f, 0.090f, 0.098f, 1};
inline const ImVec4 kPanel{0.122f, 0.126f, 0.137f, 1};
inline const ImVec4 kHeader{0.102f, 0.106f, 0.114f, 1};
inline const ImVec4 kLine{0.212f, 0.220f, 0.239f, 1};
inline const ImVec4 kText{0.906f, 0.910f, 0.922f, 1};
inline const ImVec4 kQuiet{0.643f, 0.659f, 0.694f, 1};
inline const ImVec4 kChosen{0.953f, 0.957f, 0.965f, 1};
inline const ImVec4 kRunning{0.451f, 0.690f, 0.945f, 1};
inline const ImVec4 kDone{0.549f, 0.796f, 0.541f, 1};
inline const ImVec4 kStar{0.965f, 0.792f, 0.353f, 1};
inline const ImVec4 kError{0.957f, 0.525f, 0.490f, 1};
}  // namespace colour

// Sizes follow the screen's content scale.
struct Theme {
  float scale = 1;
  ImFont* text = nullptr;
  ImFont* small = nullptr;

  float px(float design_pixels) const;  // a whole number of window pixels
};

// Loads the fonts and sets the style of the current ImGui context. Falls back to ImGui's own font, and logs that.
Theme make_theme(float content_scale);

ImU32 packed(const ImVec4& colour);

}  // namespace kiln
