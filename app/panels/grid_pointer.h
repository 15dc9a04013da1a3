#pragma once

#include <imgui.h>

#include "app/state/grid_selection.h"
#include "app/widgets/ui.h"

namespace kiln {

// A click on a cell of a grid, with Ctrl or Shift as they are held; below 0: beside all cells.
void click_cell(GridSelection& selection, int cell);

// The arrow keys in a grid of `count` cells with so many in a row, with Shift as it is held. True if one was pressed.
bool take_arrows(GridSelection& selection, int columns, int count);

// Around a cell; none where it is neither selected nor current nor hovered.
void draw_cell_frame(const Ui& ui, ImVec2 min, ImVec2 max, bool selected, bool current, bool hovered);

}  // namespace kiln
