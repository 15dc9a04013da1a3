#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/api/sampling.h"
#include "engine/network/model.h"

namespace kiln {

// [conditions, K + F] class weights and frames. frames: of each, from 1; 0 or none given: no frame. Throws Failure: kNotFound,
// naming the nearest class; kInvalidArgument for a weight that is none.
at::Tensor condition_tensor(const Model& model, const std::vector<Condition>& conditions, const std::vector<int>& frames = {});

}  // namespace kiln
