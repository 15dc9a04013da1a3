#pragma once

#include "app/panels/view.h"

namespace kiln {

// Painting on the sprite that the last item shows large, from `at` on, `zoom` window pixels a pixel: what is marked is made anew.
void draw_repair_canvas(Studio& studio, ImVec2 at, int zoom);

// The tools below it.
void draw_repair_tools(Studio& studio, float width);

}  // namespace kiln
