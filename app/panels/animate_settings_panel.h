#pragma once

#include "app/panels/view.h"

namespace kiln {

// Which motion, its values, how many frames, and what a model draws of them.
void draw_animate_settings_panel(Studio& studio, Area rect);

}  // namespace kiln
