#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/palette.h"
#include "engine/data/counter_random.h"
#include "engine/data/sprite_set.h"

namespace kiln::test {

inline void set_pixel(Image& image, int x, int y, const Rgb8& colour, int alpha = 255) {
  auto* p = image.pixel(x, y);
  p[0] = colour.r, p[1] = colour.g, p[2] = colour.b, p[3] = static_cast<std::uint8_t>(alpha);
}

// Five colours far from one another; each ramp has others.
inline Rgb8 ramp_colour(int ramp, int i) {
  static const Rgb8 colours[3][5] = {{{20, 12, 28}, {133, 76, 48}, {208, 70, 72}, {210, 125, 44}, {218, 212, 94}},
                                     {{0, 20, 90}, {30, 190, 60}, {240, 240, 250}, {90, 30, 160}, {20, 220, 230}},
                                     {{250, 200, 200}, {10, 90, 10}, {70, 70, 80}, {160, 250, 30}, {255, 0, 255}}};
  return colours[ramp][i];
}

// A drawing of five colours in a ragged outline, 16×16, facing one way. Other `outline` or `inside`: another drawing.
inline Image drawing(std::uint64_t outline, std::uint64_t inside, int ramp = 0) {
  Image image(16, 16);
  for (int y = 1; y < 15; ++y) {
    CounterRandom row(outline, 1, static_cast<std::uint64_t>(y));
    const int left = 1 + static_cast<int>(row.below(6)), right = 9 + static_cast<int>(row.below(6));
    for (int x = left; x < right; ++x) {
      const auto patch = static_cast<std::uint64_t>(x / 2 + 8 * (y / 2));
      set_pixel(image, x, y, ramp_colour(ramp, static_cast<int>(CounterRandom(inside, 2, patch).below(5))));
    }
  }
  return image;
}

inline Image mirrored(const Image& image) {
  Image out(image.width, image.height);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) std::copy_n(image.pixel(image.width - 1 - x, y), 4, out.pixel(x, y));
  }
  return out;
}

// A set of sprites, given as (class, image).
inline SpriteSet set_of(std::vector<std::string> classes, std::vector<std::pair<int, Image>> sprites) {
  SpriteSet set;
  set.width = sprites.front().second.width;
  set.height = sprites.front().second.height;
  set.classes = std::move(classes);
  for (auto& [index, image] : sprites)
    set.sprites.push_back({"sprite" + std::to_string(set.sprites.size()), index, std::move(image)});
  return set;
}

}  // namespace kiln::test
