#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/cell_grid.h"
#include "engine/base/image.h"
#include "engine/base/rect.h"

namespace kiln {

struct SheetSprite {
  std::string name;        // "3,1" (column, row) in a grid; the frame's name in an Aseprite file
  std::string class_name;  // as the frame tag's data says, else its name; empty where there is none
  Rect rect;               // in the sheet
  Image image;
  std::string tag = {};               // the frame tag's name
  std::optional<bool> animated = {};  // whether that tag is an animation, where its data says so
};

// The sheet's cells, row by row; cells that are fully transparent, and those that the right or lower edge cuts, are left out.
// Throws Failure(kInvalidArgument) for a cell size below 1, a negative offset or spacing, or a grid without a cell in the image.
std::vector<SheetSprite> slice_sheet(const Image& sheet, const CellGrid& grid);

// Whether every pixel's alpha is 0.
bool is_transparent(const Image& image);

}  // namespace kiln
