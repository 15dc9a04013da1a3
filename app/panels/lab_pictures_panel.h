#pragma once

#include "app/panels/view.h"

namespace kiln {

// Sprite, noise and predictions side by side, and the run from there on below.
void draw_lab_pictures(Studio& studio, Area rect);

}  // namespace kiln
