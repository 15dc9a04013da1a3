#pragma once

#include <cstdint>
#include <cstdlib>

#include "engine/pixelart/colours.h"

namespace kiln {

inline bool is_opaque(const std::uint8_t* pixel) { return pixel[3] >= kOpaqueAlpha; }

// Whether two opaque pixels' colours differ by so much that it can be seen: more than 48 levels in sum over red, green and blue.
inline bool differs_visibly(const std::uint8_t* a, const std::uint8_t* b) {
  return std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]) > 48;
}

}  // namespace kiln
