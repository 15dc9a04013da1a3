#pragma once

#include "app/panels/view.h"

namespace kiln {

// The current colour, the palette, and what recolours whole sprites.
void draw_edit_colours_panel(Studio& studio, Area rect);

}  // namespace kiln
