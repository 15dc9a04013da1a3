#pragma once

#include "app/panels/view.h"

namespace kiln {

// Where no run is shown: what to do next, and the run that can go on from last time.
void draw_train_empty_panel(Studio& studio, Area rect);

}  // namespace kiln
