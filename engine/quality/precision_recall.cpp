#include "engine/quality/precision_recall.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

namespace kiln {
namespace {

constexpr std::int64_t kRowsAtOnce = 1024;
constexpr std::int64_t kManyFeatures = 512;

// [n, M] of rows first … first + n - 1 of `a`. Equal features are at exactly 0, unless there are so many that it takes a matrix
// product to be quick.
at::Tensor distances(const at::Tensor& a, const at::Tensor& b, std::int64_t first) {
  const std::int64_t count = std::min(kRowsAtOnce, a.size(0) - first);
  return at::cdist(a.narrow(0, first, count), b, 2.0, b.size(1) > kManyFeatures ? 1 : 2);
}

// Of each of `points` [N, D], whether it lies in a ball around one of `centres`. [N] bool
at::Tensor inside(const at::Tensor& points, const at::Tensor& centres, const at::Tensor& radii) {
  std::vector<at::Tensor> parts;
  for (std::int64_t first = 0; first < points.size(0); first += kRowsAtOnce) {
    parts.push_back((distances(points, centres, first) <= radii).any(1));
  }
  return at::cat(parts);
}

double share(const at::Tensor& flags) { return flags.to(at::kDouble).mean().item<double>(); }

at::Tensor of_class(const at::Tensor& features, const std::vector<int>& classes, int wanted) {
  std::vector<std::int64_t> members;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] == wanted) members.push_back(static_cast<std::int64_t>(i));
  }
  return features.index_select(0, at::tensor(members, at::kLong));
}

}  // namespace

at::Tensor neighbour_radii(const at::Tensor& features, int k) {
  const at::Tensor values = features.to(at::kDouble);
  const std::int64_t place = std::min<std::int64_t>(k + 1, values.size(0));  // the nearest is the point itself
  std::vector<at::Tensor> radii;
  for (std::int64_t first = 0; first < values.size(0); first += kRowsAtOnce) {
    radii.push_back(std::get<0>(at::kthvalue(distances(values, values, first), place, 1)));
  }
  return at::cat(radii);
}

PrecisionRecall precision_recall(const at::Tensor& samples, const at::Tensor& reference, int k) {
  const at::Tensor x = samples.to(at::kDouble), y = reference.to(at::kDouble);
  return {share(inside(x, y, neighbour_radii(y, k))), share(inside(y, x, neighbour_radii(x, k)))};
}

double coverage(const at::Tensor& samples, const at::Tensor& reference, int k) {
  const at::Tensor x = samples.to(at::kDouble), y = reference.to(at::kDouble);
  if (x.size(0) == 0) return 0;
  const at::Tensor radii = neighbour_radii(y, k);
  std::vector<at::Tensor> covered;
  for (std::int64_t first = 0; first < y.size(0); first += kRowsAtOnce) {
    const at::Tensor nearest = std::get<0>(distances(y, x, first).min(1));
    covered.push_back(nearest <= radii.narrow(0, first, nearest.size(0)));
  }
  return share(at::cat(covered));
}

std::vector<double> coverage_by_class(const at::Tensor& samples, const std::vector<int>& sample_classes,
                                      const at::Tensor& reference, const std::vector<int>& reference_classes, int classes, int k) {
  std::vector<double> shares;
  for (int c = 0; c < classes; ++c) {
    const at::Tensor centres = of_class(reference, reference_classes, c);
    const at::Tensor points = of_class(samples, sample_classes, c);
    shares.push_back(centres.size(0) < 2 ? std::numeric_limits<double>::quiet_NaN() : coverage(points, centres, k));
  }
  return shares;
}

}  // namespace kiln
