#pragma once

#include <imgui.h>

#include <string>

#include "app/widgets/ui.h"

namespace kiln {

// A panel's place and the colour under it; `name` is that of its ImGui window.
struct PanelBackground {
  std::string name;
  Area rect;  // window pixels; backgrounds do not overlap
  ImVec4 colour;
};

// A fixed part of the window that scrolls if it must. It paints no background of its own: the shell clears it, which costs a tenth.
void begin_panel(const char* id, Area rect, bool padded = true);
void end_panel();

// A line in the middle of `area`, its top at `y`.
void centred_text(Area area, float y, const std::string& text, const ImVec4& ink);

// A row of a table of facts: what it is, and `width` (design pixels) to its right how it is.
void fact_row(const Ui& ui, const char* label, const std::string& value, float width, const ImVec4& ink = colour::text());

// A line along the top of `area`, filled as far as the job is.
void progress_line(const Ui& ui, Area area, float part, bool moving);

}  // namespace kiln
