#include "engine/quality/kernel_distance.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "engine/quality/shuffled.h"

namespace kiln {
namespace {

at::Tensor kernel(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor base = at::mm(a, b.t()) / static_cast<double>(a.size(1)) + 1.0;
  return base * base * base;
}

// The mean of the kernel over pairs of different samples.
double mean_within(const at::Tensor& a) {
  const at::Tensor values = kernel(a, a);
  const auto n = static_cast<double>(a.size(0));
  return (values.sum() - values.trace()).item<double>() / (n * (n - 1));
}

}  // namespace

double kernel_distance(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.to(at::kDouble), y = b.to(at::kDouble);
  return mean_within(x) + mean_within(y) - 2 * kernel(x, y).mean().item<double>();
}

std::vector<double> kernel_distances(const at::Tensor& a, const at::Tensor& b, int subsets, std::int64_t size, std::uint64_t seed) {
  const std::int64_t taken = std::max<std::int64_t>(2, std::min({size, a.size(0) / 2, b.size(0) / 2}));
  const auto subset = [&](const at::Tensor& all, int side, int number) {
    auto order = shuffled(all.size(0), seed, static_cast<std::uint64_t>(2 * number + side));
    order.resize(static_cast<std::size_t>(taken));
    return all.index_select(0, at::tensor(order));
  };
  std::vector<double> distances;
  distances.reserve(static_cast<std::size_t>(subsets));
  for (int i = 0; i < subsets; ++i) distances.push_back(kernel_distance(subset(a, 0, i), subset(b, 1, i)));
  return distances;
}

}  // namespace kiln
