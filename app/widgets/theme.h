#pragma once

#include <imgui.h>

#include <cstddef>

namespace kiln {

enum class Brightness { kDark, kLight };

// Colours as ImGui takes them, of the theme in use. Greys for everything, colour where it means something.
namespace colour {
const ImVec4& canvas();
const ImVec4& panel();
const ImVec4& header();
const ImVec4& line();
const ImVec4& text();
const ImVec4& quiet();
const ImVec4& chosen();
const ImVec4& running();
const ImVec4& done();
const ImVec4& star();
const ImVec4& error();
const ImVec4& curve(std::size_t i);  // of a plot's lines: three of what is shown, then three of what it is compared with
}  // namespace colour

// Sizes follow the screen's content scale and what the artist chose.
struct Theme {
  float scale = 1;
  Brightness brightness = Brightness::kDark;
  ImFont* text = nullptr;
  ImFont* small = nullptr;

  float px(float design_pixels) const;  // a whole number of window pixels
};

// Loads the fonts and sets the style of the current ImGui context. Falls back to ImGui's own font, and logs that.
Theme make_theme(float scale, Brightness brightness);

ImU32 packed(const ImVec4& colour);

}  // namespace kiln
