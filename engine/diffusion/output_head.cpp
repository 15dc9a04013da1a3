#include "engine/diffusion/output_head.h"

#include <ATen/ATen.h>

#include <array>
#include <limits>

namespace kiln {
namespace {

// The powers as squares, which are rounded the same way in a vector register and in a loop's tail.
at::Tensor sharpened(const at::Tensor& probabilities, int sharpness) {
  at::Tensor p = probabilities.clamp_min(0);
  p = p / p.amax(1, true).clamp_min(std::numeric_limits<float>::min());
  for (int i = 0; i < sharpness; ++i) p = p * p;
  return p / p.sum(1, true).clamp_min(std::numeric_limits<float>::min());
}

}  // namespace

at::Tensor palette_entries(const Palette& palette, int channels) {
  at::Tensor entries = at::full({palette_head_outputs(palette, channels), channels}, -1.0F);
  auto numbers = entries.accessor<float, 2>();
  std::int64_t row = channels == 4 ? 1 : 0;
  for (const Rgb8& colour : palette.colours) {
    numbers[row][0] = static_cast<float>(colour.r) / 127.5F - 1;
    numbers[row][1] = static_cast<float>(colour.g) / 127.5F - 1;
    numbers[row][2] = static_cast<float>(colour.b) / 127.5F - 1;
    if (channels == 4) numbers[row][3] = 1;
    ++row;
  }
  return entries;
}

at::Tensor OutputHead::to_guide(const at::Tensor& output) const {
  if (!is_palette()) return output;
  return at::softmax(
      barred.defined() ? output.masked_fill(barred.to(output.device()), -std::numeric_limits<float>::infinity()) : output, 1);
}

at::Tensor OutputHead::operator()(const at::Tensor& guided, int sharpness) const {
  if (!is_palette()) return guided;
  const at::Tensor p = sharpness > 0 ? sharpened(guided, sharpness) : guided;
  const at::Tensor colours = entries.to(p.options());
  at::Tensor sum;
  for (std::int64_t entry = 0; entry < colours.size(0); ++entry) {
    const at::Tensor part = p.narrow(1, entry, 1) * colours[entry].view({1, -1, 1, 1});
    sum = sum.defined() ? sum.add_(part) : part;
  }
  return sum;
}

int palette_sharpness(int left) {
  constexpr std::array kOfLastSteps{6, 3, 1};
  return left < static_cast<int>(kOfLastSteps.size()) ? kOfLastSteps[static_cast<std::size_t>(left)] : 0;
}

}  // namespace kiln
