#pragma once

#include <vector>

#include "app/panels/frame.h"
#include "app/panels/view.h"

namespace kiln {

// The animation of a sprite in place of the Generate tab's panels; returns where its own are.
std::vector<PanelBackground> draw_animate_mode(Studio& studio, Area rect);

}  // namespace kiln
