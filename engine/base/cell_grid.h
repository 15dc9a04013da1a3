#pragma once

namespace kiln {

// How a sheet is cut into sprites; pixels.
struct CellGrid {
  int cell_width = 16, cell_height = 16;
  int offset_x = 0, offset_y = 0;    // of the first cell
  int spacing_x = 0, spacing_y = 0;  // between cells
  friend bool operator==(const CellGrid&, const CellGrid&) = default;
};

}  // namespace kiln
