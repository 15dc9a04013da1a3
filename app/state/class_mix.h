#pragma once

#include <vector>

#include "engine/api/lab.h"

namespace kiln {

// Weights of the classes nearest to a point of the map, at most three, the nearer the more (inverse squared distance); they sum to
// 1 but for rounding to hundredths. At a class: that alone.
Condition mix_at(const std::vector<PlacedClass>& classes, double x, double y);

}  // namespace kiln
