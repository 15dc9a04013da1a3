#include "engine/pixelart/sheet_layout.h"

#include <algorithm>
#include <cmath>

#include "engine/base/error.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/scale.h"

namespace kiln {
namespace {

constexpr long long kLargestSide = 16384;

long long side(long long cells, long long cell, long long padding) { return cells * cell + (cells - 1) * padding; }

}  // namespace

Rect SheetLayout::cell(int index) const {
  const int column = index % columns, row = index / columns;
  return {column * (cell_width + padding) * scale, row * (cell_height + padding) * scale, cell_width * scale, cell_height * scale};
}

SheetLayout sheet_layout(int count, int cell_width, int cell_height, int columns, int padding, int scale) {
  if (count < 1 || cell_width < 1 || cell_height < 1) {
    throw Failure(ErrorCode::kInvalidArgument, "a sheet needs at least one sprite", "keep or make a sprite first");
  }
  if (columns < 0 || padding < 0 || scale < 1) {
    throw Failure(ErrorCode::kInvalidArgument, "a sheet cannot have negative columns or padding, or a scale below 1",
                  "choose columns and padding of 0 or more and a scale of 1 or more");
  }
  if (columns == 0) columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
  columns = std::min(columns, count);
  const int rows = 1 + (count - 1) / columns;
  const long long longest = std::max(side(columns, cell_width, padding), side(rows, cell_height, padding));
  if (longest > kLargestSide / scale) {
    throw Failure(ErrorCode::kInvalidArgument, "the sheet would be larger than 16384 pixels",
                  "choose a smaller scale or padding, or other columns");
  }
  // A single row or column has no use for the padding, however large.
  return {columns, rows, cell_width, cell_height, std::min(padding, static_cast<int>(kLargestSide)), scale};
}

Image pack_sheet(const std::vector<Image>& sprites, int columns, int padding, int scale) {
  int width = 0, height = 0;
  for (const Image& sprite : sprites) {
    width = std::max(width, sprite.width);
    height = std::max(height, sprite.height);
  }
  const SheetLayout layout = sheet_layout(static_cast<int>(sprites.size()), width, height, columns, padding, scale);
  Image sheet(layout.width(), layout.height());
  for (std::size_t i = 0; i < sprites.size(); ++i) {
    const Rect cell = layout.cell(static_cast<int>(i));
    paste(sheet, upscaled(padded_to(sprites[i], width, height), scale), cell.x, cell.y);
  }
  return sheet;
}

}  // namespace kiln
