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

}  // namespace kiln
