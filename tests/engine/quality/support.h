#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/image.h"
#include "engine/data/counter_random.h"
#include "engine/data/sprite_set.h"
#include "engine/pixelart/starter.h"

namespace kiln::test {

// Drawn sprites of a few classes in turn, 16×16, no two alike.
inline SpriteSet drawn_set(int count, std::uint64_t seed, std::size_t classes = 3) {
  std::vector<std::string> names = starter_classes();
  names.resize(classes);
  std::sort(names.begin(), names.end());
  SpriteSet set{16, 16, names, {}, {}};
  std::vector<StarterSeries> series;
  for (const auto& name : names) series.emplace_back(name, 16, seed);
  for (int i = 0; i < count; ++i) {
    const std::size_t c = static_cast<std::size_t>(i) % classes;
    set.sprites.push_back({names[c] + "/" + std::to_string(i) + ".png", static_cast<int>(c), series[c].next()});
  }
  return set;
}

inline std::vector<Image> images_of(const SpriteSet& set) {
  std::vector<Image> images;
  for (const auto& sprite : set.sprites) images.push_back(sprite.image);
  return images;
}

// The image with the colour of each opaque pixel changed by up to `levels`, up or down.
inline Image with_noise(Image image, int levels, std::uint64_t seed) {
  CounterRandom random(seed, 1, 2);
  for (std::size_t i = 0; i < image.rgba.size(); ++i) {
    if (i % 4 == 3 || image.rgba[i - i % 4 + 3] == 0) continue;
    const int value = image.rgba[i] + static_cast<int>(random.below(static_cast<std::uint64_t>(2 * levels + 1))) - levels;
    image.rgba[i] = static_cast<std::uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
  }
  return image;
}

// "#" opaque black, letters in colours of their own, everything else transparent; rows separated by spaces.
inline Image image_of(const std::string& rows) {
  std::vector<std::string> lines(1);
  for (const char c : rows) {
    if (c == ' ')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  Image image(static_cast<int>(lines[0].size()), static_cast<int>(lines.size()));
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const char c = lines[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
      if (c == '.') continue;
      auto* pixel = image.pixel(x, y);
      pixel[3] = 255;
      if (c == '#') continue;
      const int number = c - 'a' + 1;
      pixel[0] = static_cast<std::uint8_t>(number % 3 * 120);
      pixel[1] = static_cast<std::uint8_t>(number / 3 % 3 * 120);
      pixel[2] = static_cast<std::uint8_t>(number / 9 % 3 * 120);
    }
  }
  return image;
}

}  // namespace kiln::test
