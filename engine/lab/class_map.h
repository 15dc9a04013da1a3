#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "engine/api/lab.h"

namespace kiln {

struct ClassMap {
  std::vector<PlacedClass> classes;
  double explained = 0;  // share of the variance, 0 … 1
};

// The first two principal components of embeddings [K, E], K names. Scaled so that the farthest class of each axis lies at 1 or -1;
// the same embeddings always give the same map. Empty for an undefined tensor and for fewer than 2 classes.
ClassMap class_map(const at::Tensor& embeddings, const std::vector<std::string>& names);

}  // namespace kiln
