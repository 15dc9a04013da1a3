#pragma once

#include <ATen/core/Tensor.h>

namespace kiln {

struct Gaussian {
  at::Tensor mean;        // [D] double
  at::Tensor covariance;  // [D, D] double, symmetric
};

// Mean and unbiased covariance of features [N, D], N ≥ 2.
Gaussian fit_gaussian(const at::Tensor& features);

// The squared Fréchet distance |μ₁-μ₂|² + tr(Σ₁ + Σ₂ - 2(Σ₁Σ₂)^½), which FID reports (Heusel et al. 2017). The trace of the root is
// the sum of the singular values of Σ₁^½ Σ₂^½, with roots by eigenvalues: exact for singular covariances, too.
double frechet_distance(const Gaussian& a, const Gaussian& b);

// The same of features [N, D] and [M, D].
double frechet_distance(const at::Tensor& a, const at::Tensor& b);

}  // namespace kiln
