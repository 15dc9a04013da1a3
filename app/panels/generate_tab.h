#pragma once

#include "app/panels/view.h"

namespace kiln {

// Where the columns of the Generate tab are, below the header.
struct GenerateLayout {
  Rect left, canvas, right;
};

GenerateLayout lay_out_generate_tab(const Studio& studio, Rect rect);
void draw_generate_tab(Studio& studio, const GenerateLayout& layout);

}  // namespace kiln
