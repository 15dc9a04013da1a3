#include "engine/pixelart/strays.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "engine/pixelart/colours.h"
#include "engine/pixelart/oklab.h"

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

Image without_stray_colours(const Image& image) {
  struct Used {
    Rgb8 colour;
    Oklab place;
    std::vector<std::uint8_t*> pixels;
  };
  Image clean = image;
  std::map<Rgb8, std::vector<std::uint8_t*>> pixels;
  for (std::size_t i = 0; i < clean.rgba.size(); i += 4) {
    std::uint8_t* pixel = &clean.rgba[i];
    if (pixel[3] >= kOpaqueAlpha) pixels[{pixel[0], pixel[1], pixel[2]}].push_back(pixel);
  }
  std::vector<Used> used;
  used.reserve(pixels.size());
  for (auto& [colour, of] : pixels) used.push_back({colour, to_oklab(colour), std::move(of)});

  while (used.size() > 1) {
    constexpr float kNear = 0.14f;
    float smallest = kNear * kNear;
    std::size_t stray = 0, near = 0;
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i].pixels.size() != 1) continue;
      for (std::size_t j = 0; j < used.size(); ++j) {
        const float distance = squared_distance(used[i].place, used[j].place);
        if (i == j || distance > smallest || (distance == smallest && stray != near)) continue;
        smallest = distance, stray = i, near = j;
      }
    }
    if (stray == near) break;
    std::uint8_t* pixel = used[stray].pixels.front();
    const Rgb8 colour = used[near].colour;
    pixel[0] = colour.r, pixel[1] = colour.g, pixel[2] = colour.b;
    used[near].pixels.push_back(pixel);
    used.erase(used.begin() + static_cast<std::ptrdiff_t>(stray));
  }
  return clean;
}

}  // namespace kiln
