#include "engine/diffusion/guidance.h"

#include <ATen/ATen.h>

#include <limits>
#include <vector>

namespace kiln {
namespace {

// One standard deviation for each sprite, [B, 1, 1, 1], from that sprite's values alone.
at::Tensor sprite_std(const at::Tensor& output) {
  std::vector<at::Tensor> deviations;
  for (const at::Tensor& sprite : output.unbind(0)) deviations.push_back(sprite.contiguous().std());
  return at::stack(deviations).view({-1, 1, 1, 1});
}

}  // namespace

bool Guidance::applies(int step, int total) const {
  const double middle = (step + 0.5) / total;
  return scale != 1 && middle >= from && middle <= to;
}

at::Tensor guided(const Guidance& guidance, const at::Tensor& output) {
  const auto halves = output.chunk(2, 0);
  const at::Tensor& conditional = halves[0];
  const at::Tensor& null = halves[1];
  const at::Tensor combined = (conditional - null) * guidance.scale + null;
  if (guidance.rescale == 0) return combined;
  const at::Tensor ratio = sprite_std(conditional) / sprite_std(combined).clamp_min(std::numeric_limits<float>::min());
  return combined * (ratio * guidance.rescale + (1 - guidance.rescale));
}

}  // namespace kiln
