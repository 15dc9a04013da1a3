#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace kiln {

// The unbiased estimate of the squared maximum mean discrepancy of features [N, D] and [M, D], N and M ≥ 2, under the kernel
// (x·y / D + 1)³ (Bińkowski et al. 2018). Near 0, also below it, for samples of one distribution.
double kernel_distance(const at::Tensor& a, const at::Tensor& b);

// KID: the same on `subsets` pairs of random subsets, each of `size` or of half of the smaller set if that is less, so that they
// differ. Its mean is the distance, its spread the uncertainty.
std::vector<double> kernel_distances(const at::Tensor& a, const at::Tensor& b, int subsets, std::int64_t size, std::uint64_t seed);

}  // namespace kiln
