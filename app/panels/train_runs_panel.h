#pragma once

#include "app/panels/view.h"

namespace kiln {

// All runs, the newest first: to look at, to compare, to go on with.
void draw_train_runs_panel(Studio& studio, Area rect);

}  // namespace kiln
