#include "engine/pixelart/strays.h"

#include <algorithm>
#include <vector>

#include "engine/pixelart/colours.h"

namespace kiln {
namespace {

bool is_opaque(const Image& image, int x, int y) {
  return x >= 0 && y >= 0 && x < image.width && y < image.height && image.pixel(x, y)[3] >= kOpaqueAlpha;
}

bool is_alone(const Image& image, int x, int y) {
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      if ((dx != 0 || dy != 0) && is_opaque(image, x + dx, y + dy)) return false;
    }
  }
  return true;
}

}  // namespace

Image without_strays(const Image& image) {
  constexpr std::size_t kMostShare = 20;
  std::size_t opaque = 0;
  Image clean = image;
  std::vector<std::uint8_t*> strays;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (!is_opaque(image, x, y)) continue;
      ++opaque;
      if (is_alone(image, x, y)) strays.push_back(clean.pixel(x, y));
    }
  }
  if (strays.size() * kMostShare > opaque) return image;
  for (std::uint8_t* pixel : strays) std::fill_n(pixel, 4, std::uint8_t{0});
  return clean;
}

}  // namespace kiln
