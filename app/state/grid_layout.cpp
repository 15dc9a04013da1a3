#include "app/state/grid_layout.h"

#include <algorithm>

namespace kiln {

GridLayout fit_grid(int count, int width, int height, int space_width, int space_height, int gap, int most_zoom) {
  GridLayout best;
  best.gap = gap;
  int best_zoom = 0, best_empty = 0;
  for (int columns = 1; columns <= std::max(count, 1); ++columns) {
    const int rows = (std::max(count, 1) + columns - 1) / columns;
    const int zoom = std::min(
        {(space_width - (columns - 1) * gap) / (columns * width), (space_height - (rows - 1) * gap) / (rows * height), most_zoom});
    const int empty = columns * rows - count;
    // Of equal zooms the one without holes, then the squarer one.
    const bool better = zoom > best_zoom || (zoom == best_zoom && (empty < best_empty || (empty == best_empty && columns <= rows)));
    if (zoom < 1 || !better) continue;
    best.columns = columns;
    best.rows = rows;
    best_zoom = zoom;
    best_empty = empty;
  }
  if (best_zoom == 0) {
    best.columns = std::clamp((space_width + gap) / (width + gap), 1, std::max(count, 1));
    best.rows = (std::max(count, 1) + best.columns - 1) / best.columns;
    best_zoom = 1;
  }
  best.zoom = best_zoom;
  best.cell_width = width * best_zoom;
  best.cell_height = height * best_zoom;
  best.left = std::max(0, (space_width - best.columns * best.cell_width - (best.columns - 1) * gap) / 2);
  best.top = std::max(0, (space_height - best.rows * best.cell_height - (best.rows - 1) * gap) / 2);
  return best;
}

int GridLayout::at(float px, float py, int count) const {
  const std::vector<int> found = under(px, py, px, py, count);
  return found.empty() ? -1 : found.front();
}

std::vector<int> GridLayout::under(float x0, float y0, float x1, float y1, int count) const {
  const float left_edge = std::min(x0, x1), right_edge = std::max(x0, x1), top_edge = std::min(y0, y1),
              bottom_edge = std::max(y0, y1);
  std::vector<int> found;
  for (int i = 0; i < count; ++i) {
    const auto cell_x = static_cast<float>(x(i)), cell_y = static_cast<float>(y(i));
    const bool across = right_edge >= cell_x && left_edge < cell_x + static_cast<float>(cell_width);
    const bool down = bottom_edge >= cell_y && top_edge < cell_y + static_cast<float>(cell_height);
    if (across && down) found.push_back(i);
  }
  return found;
}

}  // namespace kiln
