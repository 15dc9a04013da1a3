#pragma once

#include <cstdint>

#include "engine/base/image.h"

namespace kiln::test {

// Every pixel differs: red is x, green is y.
inline Image numbered(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      std::uint8_t* pixel = image.pixel(x, y);
      pixel[0] = static_cast<std::uint8_t>(x), pixel[1] = static_cast<std::uint8_t>(y), pixel[3] = 255;
    }
  }
  return image;
}

// Whether a pixel is the one of a numbered image at `from_x`, `from_y`.
inline bool shows(const Image& image, int x, int y, int from_x, int from_y) {
  const std::uint8_t* pixel = image.pixel(x, y);
  return pixel[0] == from_x && pixel[1] == from_y && pixel[3] == 255;
}

}  // namespace kiln::test
