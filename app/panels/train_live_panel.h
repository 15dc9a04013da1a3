#pragma once

#include "app/panels/view.h"

namespace kiln {

// The run under way: what it is, and what of it can be changed as it goes.
void draw_train_live_panel(Studio& studio, Area rect);

}  // namespace kiln
