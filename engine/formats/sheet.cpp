#include "engine/formats/sheet.h"

#include <utility>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr long long kMostCells = 1 << 20;

}  // namespace

bool is_transparent(const Image& image) {
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) {
    if (image.rgba[i] != 0) return false;
  }
  return true;
}

std::vector<SheetSprite> slice_sheet(const Image& sheet, const CellGrid& grid) {
  const bool possible = grid.cell_width >= 1 && grid.cell_height >= 1 && grid.offset_x >= 0 && grid.offset_y >= 0 &&
                        grid.spacing_x >= 0 && grid.spacing_y >= 0;
  if (!possible || grid.cell_width > sheet.width - grid.offset_x || grid.cell_height > sheet.height - grid.offset_y) {
    throw Failure(
        ErrorCode::kInvalidArgument,
        "a sheet of " + std::to_string(sheet.width) + "×" + std::to_string(sheet.height) + " pixels has no cell of this grid",
        "choose a cell size of 1 or more, and an offset and spacing of 0 or more, that fit into the sheet");
  }
  const long long step_x = 0LL + grid.cell_width + grid.spacing_x, step_y = 0LL + grid.cell_height + grid.spacing_y;
  if ((sheet.width / step_x + 1) * (sheet.height / step_y + 1) > kMostCells) {
    throw Failure(ErrorCode::kInvalidArgument, "this grid cuts the sheet into more than a million cells",
                  "choose a larger cell size");
  }
  std::vector<SheetSprite> sprites;
  for (long long y = grid.offset_y, row = 0; y + grid.cell_height <= sheet.height; y += step_y, ++row) {
    for (long long x = grid.offset_x, column = 0; x + grid.cell_width <= sheet.width; x += step_x, ++column) {
      const Rect rect{static_cast<int>(x), static_cast<int>(y), grid.cell_width, grid.cell_height};
      Image image = cut_out(sheet, rect);
      if (is_transparent(image)) continue;
      sprites.push_back({std::to_string(column) + "," + std::to_string(row), {}, rect, std::move(image)});
    }
  }
  return sprites;
}

}  // namespace kiln
