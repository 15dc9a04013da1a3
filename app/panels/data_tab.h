#pragma once

#include <vector>

#include "app/panels/frame.h"
#include "app/panels/view.h"

namespace kiln {

// Draws the panels of the Data tab into `rect`; returns where they are.
std::vector<PanelBackground> draw_data_tab(Studio& studio, Rect rect);

}  // namespace kiln
