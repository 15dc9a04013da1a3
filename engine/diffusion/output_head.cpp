#include "engine/diffusion/output_head.h"

#include <ATen/ATen.h>

#include <array>
#include <limits>
#include <vector>

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

at::Tensor entries_tensor(const PaletteEntries& entries, int channels) {
  std::vector<float> values;
  for (const Rgba8& entry : entries) {
    const std::array all{entry.r, entry.g, entry.b, entry.a};
    for (int c = 0; c < channels; ++c) values.push_back(static_cast<float>(all[static_cast<std::size_t>(c)]) / 127.5F - 1);
  }
  return at::tensor(values).view({static_cast<std::int64_t>(entries.size()), channels});
}

OutputHead OutputHead::on(c10::Device device) const {
  OutputHead head = *this;
  if (entries.defined()) head.entries = entries.to(device);
  if (barred.defined()) head.barred = barred.to(device);
  return head;
}

at::Tensor OutputHead::to_guide(const at::Tensor& output) const {
  if (!is_palette()) return output;
  return at::softmax(
      barred.defined() ? output.masked_fill(barred.to(output.device()), -std::numeric_limits<float>::infinity()) : output, 1);
}

at::Tensor OutputHead::probabilities(const at::Tensor& guided, int sharpness) const {
  return sharpness > 0 ? sharpened(guided, sharpness) : guided;
}

at::Tensor OutputHead::operator()(const at::Tensor& guided, int sharpness) const {
  if (!is_palette()) return guided;
  const at::Tensor p = probabilities(guided, sharpness);
  const at::Tensor colours = entries.to(p.options());
  if (!p.is_cpu()) return at::einsum("bohw,oc->bchw", {p, colours});
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
