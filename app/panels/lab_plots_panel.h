#pragma once

#include "app/panels/view.h"

namespace kiln {

// What attention looks at, the map of the classes, the schedule, and how long a step takes.
void draw_lab_plots(Studio& studio, Area rect);

}  // namespace kiln
