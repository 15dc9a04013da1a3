#pragma once

#include "app/panels/view.h"

namespace kiln {

// The left column of the Generate tab: model, classes, how.
void draw_generate_panel(Studio& studio, Area rect);

// At its foot: Generate, or while sprites are made, what to do with them.
void draw_run_panel(Studio& studio, Area rect);

}  // namespace kiln
