#pragma once

#include "engine/base/image.h"

namespace kiln {

// Pixels; the right and lower edges are outside.
struct Rect {
  int x = 0, y = 0, width = 0, height = 0;
  friend bool operator==(const Rect&, const Rect&) = default;
};

inline bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

// The part of `image` under `rect`; transparent where that lies outside the image.
Image cut_out(const Image& image, const Rect& rect);

// Draws `source` into `target` with its upper left corner at (x, y), replacing what is there; what falls outside is left out.
void paste(Image& target, const Image& source, int x, int y);

}  // namespace kiln
