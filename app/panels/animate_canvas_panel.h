#pragma once

#include "app/panels/view.h"

namespace kiln {

// The animation as it plays, and below it its frames with their durations.
void draw_animate_canvas_panel(Studio& studio, Area rect);

}  // namespace kiln
