#pragma once

#include "app/panels/view.h"

namespace kiln {

// All sprites of the batch, live; below them how far it is, and what there is to tell.
void draw_canvas_panel(Studio& studio, Area rect);

}  // namespace kiln
