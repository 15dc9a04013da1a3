#pragma once

#include <ATen/core/Tensor.h>

#include <string_view>
#include <vector>

#include "engine/network/network.h"

namespace kiln {

// The whole numbers of a parameter like "64,128,128", one for each level, at most 8. Throws Failure(kInvalidArgument) for anything
// else and for numbers outside low … high.
std::vector<int> int_list(const ParamMap& params, std::string_view id, int low, int high);

// Throws Failure(kInvalidArgument) unless sprites of that shape can be halved `levels` - 1 times.
void check_halvings(const NetworkShape& shape, std::size_t levels);

// “16x20”: the sides of a sprite, raised to multiples of this.
std::string padded_size(const NetworkShape& shape, int multiple);

// The weights of the 3×3 convolutions that a U-Net of `blocks` blocks a level has at least.
double fewest_weights(const std::vector<int>& channels, int blocks);

// [B, K] class weights → [B, K + 1]: scaled down to sum to at most 1, what is missing goes to the null condition, the last.
at::Tensor with_null_weight(const at::Tensor& condition);

}  // namespace kiln
