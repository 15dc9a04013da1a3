#pragma once

#include "app/panels/view.h"

namespace kiln {

// The current sprite, enlarged: the wheel zooms, a drag with the middle button moves it; and below, how it is shown.
void draw_large_view(Studio& studio, float width);

// As a double click on it: as large as it fits; with or without its copies around it.
void toggle_tile(Studio& studio);

}  // namespace kiln
