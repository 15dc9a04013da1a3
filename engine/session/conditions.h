#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/api/sampling.h"
#include "engine/network/model.h"

namespace kiln {

// [conditions, K] class weights. Throws Failure: kNotFound, naming the nearest class; kInvalidArgument for a weight that is none.
at::Tensor condition_tensor(const Model& model, const std::vector<Condition>& conditions);

}  // namespace kiln
