#pragma once

#include "app/panels/view.h"

namespace kiln {

// The sprite, enlarged, to be drawn on; below it where the pointer is, and what there is to tell.
void draw_edit_canvas_panel(Studio& studio, Area rect);

}  // namespace kiln
