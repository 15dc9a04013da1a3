#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"
#include "engine/pixelart/oklab.h"

namespace kiln {

// Each colour once.
std::vector<Rgb8> dark_to_light(std::vector<Rgb8> colours);

// At most `count` colours for the opaque pixels of all images together, from dark to light: exactly the images' own if they have
// no more, else by k-means in OKLab weighted with the number of pixels, begun as in k-means++ (Arthur & Vassilvitskii 2007).
// The same images give the same palette. Empty if no pixel is opaque. Throws Failure(kInvalidArgument) for a count not in 1…256.
Palette fit_palette(const std::vector<Image>& images, int count);

// The same in small steps: add() all images, then refine() until it is false.
class PaletteFitter {
 public:
  static constexpr int kMostRounds = 40;
  struct Point {
    Oklab colour;
    double weight = 0;
  };

  explicit PaletteFitter(int count);
  void add(const Image& image);
  bool refine();
  Palette palette() const;

 private:
  void begin();

  std::size_t count_;
  std::map<Rgb8, std::size_t> pixels_;  // of each colour
  std::vector<Point> points_;
  std::vector<Oklab> centres_;      // none: the images' own colours are few enough
  std::vector<std::size_t> owner_;  // centre of each point
  int round_ = 0;
  bool begun_ = false, done_ = false;
};

}  // namespace kiln
