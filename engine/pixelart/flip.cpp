#include "engine/pixelart/flip.h"

#include <algorithm>

namespace kiln {

Image flipped_horizontally(const Image& image) {
  Image flipped(image.width, image.height);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) std::copy_n(image.pixel(x, y), 4, flipped.pixel(image.width - 1 - x, y));
  }
  return flipped;
}

}  // namespace kiln
