#pragma once

namespace kiln {

// How the enlarged sprite lies in its box, which has its origin in the upper left corner. Whole zooms, so that all pixels are
// equally large.
struct LargeView {
  int zoom = 0;        // box pixels a texel; 0: as large as it fits
  float x = 0, y = 0;  // of the sprite's upper left corner; without a zoom of its own it is in the middle
  bool tile = false;   // three by three copies side by side
};

struct LargePlace {
  int zoom = 1;
  float x = 0, y = 0;
};

inline constexpr int kLargestZoom = 64;

// Where a sprite of `width`×`height` texels lies in a box.
LargePlace place_in(const LargeView& view, float box_width, float box_height, int width, int height);

// Larger or smaller by so many notches of the wheel; the texel under the pointer stays there.
void zoom_at(LargeView& view, int notches, float pointer_x, float pointer_y, float box_width, float box_height, int width,
             int height);

// Moves the sprite; some of it stays in the box.
void pan(LargeView& view, float dx, float dy, float box_width, float box_height, int width, int height);

}  // namespace kiln
