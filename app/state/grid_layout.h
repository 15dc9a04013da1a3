#pragma once

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
};

// For sprites of `width`×`height` texels, centred; the zoom is at least 1 and at most `most_zoom`.
GridLayout fit_grid(int count, int width, int height, int space_width, int space_height, int gap, int most_zoom);

}  // namespace kiln
