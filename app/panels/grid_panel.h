#pragma once

#include "app/panels/view.h"

namespace kiln {

// How sprites are shown, as the artist chose.
SpriteLook look_of(const Studio& studio, int width, int height, int zoom);

// The batch as a grid to select in, with the one before it beside it, if that is asked for.
void draw_grid_panel(Studio& studio, Area rect);

// Above it: how many are selected, and what can be done with them.
void draw_grid_toolbar(Studio& studio, Area rect);

}  // namespace kiln
