#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace kiln {

// The distance of each of the features [N, D] to its k-th nearest other one. [N] double; of fewer than k others, to the farthest.
at::Tensor neighbour_radii(const at::Tensor& features, int k);

struct PrecisionRecall {
  double precision = 0;  // share of the samples that lie in the ball of a reference sprite: how good they are
  double recall = 0;     // share of the reference that lies in the ball of a sample: how much of it is covered
};

// Improved precision and recall (Kynkäänniemi et al. 2019): a ball reaches to its centre's k-th neighbour in its own set.
PrecisionRecall precision_recall(const at::Tensor& samples, const at::Tensor& reference, int k = 3);

// Share of the reference whose ball holds at least one sample (Naeem et al. 2020).
double coverage(const at::Tensor& samples, const at::Tensor& reference, int k = 5);

// The same within each class, for the classes 0 … count - 1; NaN where the reference has fewer than two sprites.
std::vector<double> coverage_by_class(const at::Tensor& samples, const std::vector<int>& sample_classes,
                                      const at::Tensor& reference, const std::vector<int>& reference_classes, int classes,
                                      int k = 5);

}  // namespace kiln
