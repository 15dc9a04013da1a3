#pragma once

#include "app/panels/view.h"

namespace kiln {

// What to train on and how, before a run; what that will cost.
void draw_train_setup_panel(Studio& studio, Area rect);

// At its foot: Start.
void draw_train_start_panel(Studio& studio, Area rect);

}  // namespace kiln
