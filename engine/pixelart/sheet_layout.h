#pragma once

#include <vector>

#include "engine/base/image.h"
#include "engine/base/rect.h"

namespace kiln {

// Cells of one size in rows, from the upper left. Everything is laid out in sprite pixels and then enlarged, padding included.
struct SheetLayout {
  int columns = 1;
  int rows = 1;
  int cell_width = 1;
  int cell_height = 1;
  int padding = 0;  // between cells, in sprite pixels
  int scale = 1;

  int width() const { return (columns * cell_width + (columns - 1) * padding) * scale; }
  int height() const { return (rows * cell_height + (rows - 1) * padding) * scale; }
  // Where cell `index` lies in the finished sheet.
  Rect cell(int index) const;
};

// `columns` 0: as many as rows, or one more. Throws Failure(kInvalidArgument) for no sprites, a negative number, a scale below 1,
// or a sheet with a side over 16384 pixels.
SheetLayout sheet_layout(int count, int cell_width, int cell_height, int columns, int padding, int scale);

// All sprites in one image, cells as large as the largest sprite, smaller ones in the middle of theirs. Throws as sheet_layout.
Image pack_sheet(const std::vector<Image>& sprites, int columns, int padding, int scale);

}  // namespace kiln
