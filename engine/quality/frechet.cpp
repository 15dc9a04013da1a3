#include "engine/quality/frechet.h"

#include <ATen/ATen.h>

namespace kiln {
namespace {

at::Tensor symmetric_root(const at::Tensor& matrix) {
  const auto [values, vectors] = at::linalg_eigh(matrix);
  return at::mm(vectors * values.clamp_min(0).sqrt(), vectors.t());
}

}  // namespace

Gaussian fit_gaussian(const at::Tensor& features) {
  const at::Tensor values = features.to(at::kDouble);
  const at::Tensor mean = values.mean(0);
  const at::Tensor centred = values - mean;
  return {mean, at::mm(centred.t(), centred) / static_cast<double>(values.size(0) - 1)};
}

double frechet_distance(const Gaussian& a, const Gaussian& b) {
  const double means = (a.mean - b.mean).square().sum().item<double>();
  const double traces = (a.covariance.trace() + b.covariance.trace()).item<double>();
  const at::Tensor roots = at::mm(symmetric_root(a.covariance), symmetric_root(b.covariance));
  return means + traces - 2 * at::linalg_svdvals(roots).sum().item<double>();
}

double frechet_distance(const at::Tensor& a, const at::Tensor& b) { return frechet_distance(fit_gaussian(a), fit_gaussian(b)); }

}  // namespace kiln
