#pragma once

#include "app/panels/view.h"

namespace kiln {

// Below the sprites: the step of their fade that is shown, and going on from it.
void draw_timeline_panel(Studio& studio, Area rect);

}  // namespace kiln
