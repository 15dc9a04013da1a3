#pragma once

#include "app/panels/view.h"

namespace kiln {

// Where the panels of the Generate tab are, below the header; each is an ImGui window named after its field.
struct GenerateLayout {
  Rect settings, run, canvas, chosen;
};

GenerateLayout lay_out_generate_tab(const Studio& studio, Rect rect);
void draw_generate_tab(Studio& studio, const GenerateLayout& layout);

}  // namespace kiln
