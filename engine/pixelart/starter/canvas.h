#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/image.h"
#include "engine/pixelart/starter/ramp.h"
#include "engine/pixelart/starter/shape.h"

namespace kiln::starter {

// How a shape takes the light, which comes from the upper left.
struct Finish {
  float bevel = 4;       // units from the edge over which the surface bends; large: a dome, small: a plate
  int tone = -1;         // a Tone for the whole shape instead of light and shade
  float bias = 0;        // lighter (to 1) or darker (to -1)
  float grain = 0;       // roughness of leaves and stone
  bool contour = false;  // what lies around it on the canvas gets its own outline's tone
};

// A sprite in the making: each pixel has a material and a tone.
class Canvas {
 public:
  // `size` in pixels; `grain_seed` makes rough surfaces differ.
  Canvas(int size, std::uint64_t grain_seed);

  void paint(const Shape& shape, const Ramp& ramp, const Finish& finish = {});
  // One pixel at a place in units, if something is there already.
  void dot(Point at, const Ramp& ramp, Tone tone);
  void erase(const Shape& shape);

  // The pixels, with an outline around everything, one pixel wide.
  Image finished() const;

 private:
  struct Pixel {
    int ramp = -1;  // into ramps_
    int tone = kBase;
  };

  Point centre_of(int x, int y) const;
  int lit_tone(const Shape& shape, Point at, float distance, const Finish& finish) const;
  float noise(int x, int y) const;
  std::size_t place(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(size_) + static_cast<std::size_t>(x);
  }
  Pixel& pixel(int x, int y) { return pixels_[place(x, y)]; }
  const Pixel& pixel(int x, int y) const { return pixels_[place(x, y)]; }
  bool inside(int x, int y) const { return x >= 0 && y >= 0 && x < size_ && y < size_; }
  int outline_ramp(int x, int y) const;
  void darken_around(const std::vector<bool>& covered);

  int size_;
  std::uint64_t grain_seed_;
  std::vector<Ramp> ramps_;
  std::vector<Pixel> pixels_;
};

}  // namespace kiln::starter
