#pragma once

#include "app/panels/view.h"

namespace kiln {

// The chosen sprite, enlarged: pixels, class, seed, step, colours.
void draw_sprite_panel(Studio& studio, float width);

}  // namespace kiln
