#include "engine/pixelart/transform.h"

#include <algorithm>

#include "engine/pixelart/drawing.h"

namespace kiln {
namespace {

// The image of this size whose pixel at (x, y) is the one at `source_of(x, y)`.
template <class SourceOf>
Image rearranged(const Image& image, int width, int height, SourceOf source_of) {
  Image out(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const PixelPoint from = source_of(x, y);
      std::copy_n(image.pixel(from.x, from.y), 4, out.pixel(x, y));
    }
  }
  return out;
}

int wrapped(int value, int size) { return (value % size + size) % size; }

}  // namespace

Image flipped_left_right(const Image& image) {
  return rearranged(image, image.width, image.height, [&](int x, int y) { return PixelPoint{image.width - 1 - x, y}; });
}

Image flipped_top_bottom(const Image& image) {
  return rearranged(image, image.width, image.height, [&](int x, int y) { return PixelPoint{x, image.height - 1 - y}; });
}

Image turned_clockwise(const Image& image) {
  return rearranged(image, image.height, image.width, [&](int x, int y) { return PixelPoint{y, image.height - 1 - x}; });
}

Image turned_anticlockwise(const Image& image) {
  return rearranged(image, image.height, image.width, [&](int x, int y) { return PixelPoint{image.width - 1 - y, x}; });
}

Image shifted(const Image& image, int right, int down) {
  return rearranged(image, image.width, image.height, [&](int x, int y) {
    return PixelPoint{wrapped(x - right, image.width), wrapped(y - down, image.height)};
  });
}

void lay_over(Image& target, const Image& part, int x, int y) {
  for (int row = 0; row < part.height; ++row) {
    for (int column = 0; column < part.width; ++column) {
      const Rgba8 pixel = pixel_at(part, {column, row});
      if (pixel != kTransparent) set_pixel(target, {x + column, y + row}, pixel);
    }
  }
}

}  // namespace kiln
