#pragma once

#include "engine/base/palette.h"

namespace kiln {

// A colour in OKLab (Ottosson 2020), where distances are about as large as they look. `l` is lightness from 0 to 1.
struct Oklab {
  float l = 0, a = 0, b = 0;
};

Oklab to_oklab(const Rgb8& colour);
// The nearest sRGB colour, channel by channel, for a colour outside sRGB.
Rgb8 to_rgb8(const Oklab& colour);

inline float squared_distance(const Oklab& x, const Oklab& y) {
  const float l = x.l - y.l, a = x.a - y.a, b = x.b - y.b;
  return l * l + a * a + b * b;
}

// A pixel: its colour times its alpha from 0 to 1, and that alpha. What is nearly transparent is near to what is, whatever its
// colour; opaque ones are as far apart as their colours.
struct OklabAlpha {
  Oklab colour;
  float alpha = 0;
};

OklabAlpha to_oklab_alpha(const Rgba8& pixel);
Rgba8 to_rgba8(const OklabAlpha& pixel);

inline float squared_distance(const OklabAlpha& x, const OklabAlpha& y) {
  const float alpha = x.alpha - y.alpha;
  return squared_distance(x.colour, y.colour) + alpha * alpha;
}

}  // namespace kiln
