#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette_head.h"
#include "engine/pixelart/oklab.h"

namespace kiln {

// Each colour once.
std::vector<Rgb8> dark_to_light(std::vector<Rgb8> colours);

// At most `count` colours for the opaque pixels of all images together, from dark to light: exactly the images' own if they have
// no more, else by k-means in OKLab weighted with the number of pixels, begun as in k-means++ (Arthur & Vassilvitskii 2007).
// The same images give the same palette. Empty if no pixel is opaque. Throws Failure(kInvalidArgument) for a count not in 1…256.
Palette fit_palette(const std::vector<Image>& images, int count);

// “Transparent”, and as fit_palette at most `count` pixels for all that are not, those that are half transparent as well.
PaletteEntries fit_entries(const std::vector<Image>& images, int count);

// The same in small steps: add() all images, then refine() until it is false.
class PaletteFitter {
 public:
  static constexpr int kMostRounds = 40;
  struct Point {
    OklabAlpha place;
    double weight = 0;
  };
  enum class Pixels {
    kOpaque,  // others do not count
    kAll,     // but what is fully transparent
  };

  explicit PaletteFitter(int count, Pixels pixels = Pixels::kOpaque);
  void add(const Image& image);
  bool refine();
  Palette palette() const;
  PaletteEntries entries() const;  // with “transparent”

 private:
  void begin();
  std::vector<Rgba8> fitted() const;

  std::size_t count_;
  Pixels which_;
  std::map<Rgba8, std::size_t> pixels_;  // of each colour
  std::vector<Point> points_;
  std::vector<OklabAlpha> centres_;  // none: the images' own colours are few enough
  std::vector<std::size_t> owner_;   // centre of each point
  int round_ = 0;
  bool begun_ = false, done_ = false;
};

}  // namespace kiln
