#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/cell_grid.h"
#include "engine/base/image.h"
#include "engine/base/rect.h"

namespace kiln {

struct SheetSprite {
  std::string name;        // "3,1" (column, row) in a grid; the frame's name in an Aseprite file
  std::string class_name;  // the frame tag's name; empty where there is none
  Rect rect;               // in the sheet
  Image image;
};

// The sheet's cells, row by row; cells that are fully transparent, and those that the right or lower edge cuts, are left out.
// Throws Failure(kInvalidArgument) for a cell size below 1, a negative offset or spacing, or a grid without a cell in the image.
std::vector<SheetSprite> slice_sheet(const Image& sheet, const CellGrid& grid);

// The frames that an Aseprite JSON file (`--data`, either as array or as hash) cuts from its sheet, in the file's order, fully
// transparent ones left out, each with its tag (frame_tags.h). Inner padding is taken off, a trimmed frame is put back to its place
// in its full size, a rotated one turned back. `name` is what errors call the JSON. Throws Failure: kCorrupt (no such JSON),
// kInvalidArgument (a frame outside this sheet).
std::vector<SheetSprite> slice_aseprite_sheet(const Image& sheet, std::string_view json, std::string_view name,
                                              std::vector<std::string>& notes);

// The sheet of an Aseprite JSON file: what meta.image names, beside the file wherever it was exported; else the PNG of the file's
// name, which a note tells. Throws Failure: kCorrupt, kUnsupported (neither).
std::filesystem::path aseprite_sheet(const std::filesystem::path& file, std::string_view json, std::vector<std::string>& notes);

}  // namespace kiln
