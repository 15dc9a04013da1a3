#pragma once

#include <vector>

#include "app/panels/frame.h"
#include "app/panels/view.h"

namespace kiln {

// The kept sprites: all of them in the middle, the chosen one large on the right. Returns what is to be under its panels.
std::vector<PanelBackground> draw_gallery_tab(Studio& studio, Area rect);

}  // namespace kiln
