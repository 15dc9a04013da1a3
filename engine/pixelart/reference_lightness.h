#pragma once

#include <cmath>

namespace kiln {

// OKLab's lightness with the toe that Ottosson (2021, “Okhsv and Okhsl”) gave it later, which does not part dark colours that look
// alike. 0 … 1.
inline float reference_lightness(float l) {
  constexpr float k1 = 0.206F, k2 = 0.03F, k3 = (1 + k1) / (1 + k2);
  const float x = k3 * l - k1;
  return 0.5F * (x + std::sqrt(x * x + 4 * k2 * k3 * l));
}

}  // namespace kiln
