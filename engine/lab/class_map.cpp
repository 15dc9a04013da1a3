#include "engine/lab/class_map.h"

#include <ATen/ATen.h>

namespace kiln {

ClassMap class_map(const at::Tensor& embeddings, const std::vector<std::string>& names) {
  if (!embeddings.defined() || names.size() < 2 || embeddings.size(0) != static_cast<std::int64_t>(names.size())) return {};
  const at::Tensor points = embeddings.detach().to(at::kCPU, at::kDouble);
  const at::Tensor centred = points - points.mean(0, true);
  // Eigenvectors of the Gram matrix are the places along the components, up to their length; eigenvalues ascend.
  const auto [values, vectors] = at::linalg_eigh(at::matmul(centred, centred.t()));
  const std::int64_t count = points.size(0);
  const double total = values.clamp_min(0).sum().item<double>();
  if (total <= 0) return {};
  ClassMap map;
  for (const std::string& name : names) map.classes.push_back({name, 0, 0});
  for (int axis = 0; axis < 2; ++axis) {
    const std::int64_t which = count - 1 - axis;
    const double value = values[which].item<double>();
    if (value <= 1e-12 * total) break;
    map.explained += value / total;
    at::Tensor along = vectors.select(1, which);
    along = along / along.index({along.abs().argmax()});  // the farthest at 1: no axis is turned round
    for (std::size_t i = 0; i < names.size(); ++i) {
      const double place = along[static_cast<std::int64_t>(i)].item<double>();
      (axis == 0 ? map.classes[i].x : map.classes[i].y) = place;
    }
  }
  return map;
}

}  // namespace kiln
