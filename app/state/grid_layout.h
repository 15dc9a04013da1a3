#pragma once

#include <vector>

namespace kiln {

// How `count` sprites fill a space: whole-number zoom, as large as it gets.
struct GridLayout {
  int columns = 1;
  int rows = 1;
  int zoom = 1;
  int gap = 0;   // between cells, in the space's pixels
  int left = 0;  // of the first cell within the space
  int top = 0;
  int cell_width = 0;
  int cell_height = 0;

  int x(int index) const { return left + (index % columns) * (cell_width + gap); }
  int y(int index) const { return top + (index / columns) * (cell_height + gap); }

  // The cell of the first `count` at a point of the space, or below 0.
  int at(float px, float py, int count) const;
  // The cells of the first `count` that a rectangle touches; its corners in any order.
  std::vector<int> under(float x0, float y0, float x1, float y1, int count) const;
};

// For sprites of `width`×`height` texels, centred; the zoom is at least 1 and at most `most_zoom`.
GridLayout fit_grid(int count, int width, int height, int space_width, int space_height, int gap, int most_zoom);

}  // namespace kiln
