#pragma once

#include <vector>

#include "app/panels/frame.h"
#include "app/panels/view.h"

namespace kiln {

// What the model makes of one sprite at one noise level.
std::vector<PanelBackground> draw_lab_tab(Studio& studio, Area rect);

}  // namespace kiln
