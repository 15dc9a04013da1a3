#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <array>
#include <cmath>
#include <vector>

#include "engine/base/cpu.h"
#include "engine/network/kernels/convolution.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

struct Inputs {
  at::Tensor x, weight, bias, added;  // in double, but of bf16 values where the kernels see bf16

  Inputs(int pictures, int side, int in, int out, int kernel = 3) {
    torch::manual_seed(3);
    const auto rounded = [](const at::Tensor& tensor) { return tensor.to(at::kBFloat16).to(at::kDouble); };
    x = rounded(torch::randn({pictures, in, side, side + 2}));
    added = rounded(torch::randn({pictures, out, side, side + 2}));
    weight = (torch::randn({out, in, kernel, kernel}) / (kernel * std::sqrt(in))).to(at::kDouble);
    bias = torch::randn({out}).to(at::kDouble);
  }

  std::vector<at::Tensor> leaves(bool kernels) const {
    const auto large = kernels ? at::kBFloat16 : at::kDouble, small = kernels ? at::kFloat : at::kDouble;
    const auto last = at::MemoryFormat::ChannelsLast;
    std::vector<at::Tensor> all = {x.to(large).contiguous(last), weight.to(small).contiguous(last), bias.to(small).clone(),
                                   added.to(large).contiguous(last)};
    for (at::Tensor& tensor : all) tensor = tensor.detach().requires_grad_();
    return all;
  }
};

double relative(const at::Tensor& got, const at::Tensor& expected) {
  return ((got.to(at::kDouble) - expected).norm() / expected.norm()).item<double>();
}

}  // namespace

TEST_CASE("3×3 and 1×1 convolutions in bf16 have the value and the gradients of the definition") {
  if (!cpu_has_fast_bf16()) return;
  for (const auto& [kernel, pictures, side, in, out] : std::vector<std::array<int, 5>>{
           {3, 3, 16, 64, 96}, {3, 5, 4, 48, 16}, {3, 70, 2, 16, 32}, {1, 5, 7, 64, 112}, {1, 1, 3, 48, 16}}) {
    CAPTURE(kernel);
    CAPTURE(side);
    const Inputs inputs(pictures, side, in, out, kernel);
    for (const bool plus : {false, true}) {
      const auto ours = inputs.leaves(true), plain = inputs.leaves(false);
      REQUIRE((kernel == 3 ? can_convolve_3x3 : can_convolve_1x1)(ours[0], ours[1]));
      const at::Tensor y = (kernel == 3 ? convolve_3x3 : convolve_1x1)(ours[0], ours[1], ours[2], plus ? ours[3] : at::Tensor());
      at::Tensor expected = at::conv2d(plain[0], plain[1], plain[2], 1, kernel / 2);
      if (plus) expected = expected + plain[3];
      CHECK(relative(y.detach(), expected.detach()) < 0.008);
      const at::Tensor direction = torch::randn(expected.sizes()).to(at::kBFloat16);
      y.backward(direction);
      expected.backward(direction.to(at::kDouble));
      for (int i = 0; i < (plus ? 4 : 3); ++i) {
        CAPTURE(i);
        REQUIRE((ours[i].grad().scalar_type() == ours[i].scalar_type()));
        CHECK(relative(ours[i].grad(), plain[i].grad()) < (kernel == 3 ? 0.008 : 0.004));
      }
    }
  }
}

TEST_CASE("without a gradient the value is the same to the bit, and planar input is taken too") {
  if (!cpu_has_fast_bf16()) return;
  const Inputs inputs(2, 8, 32, 32);
  const auto leaves = inputs.leaves(true);
  const at::Tensor y = convolve_3x3(leaves[0], leaves[1], leaves[2], leaves[3]);
  const at::NoGradGuard no_grad;
  CHECK(at::equal(convolve_3x3(leaves[0].contiguous(), leaves[1], leaves[2], leaves[3].contiguous()), y));
}

TEST_CASE("what has no kernel is left to LibTorch") {
  const auto bf16 = [](at::IntArrayRef shape) { return torch::zeros(shape).to(at::kBFloat16); };
  const at::Tensor weight = torch::zeros({16, 16, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast);
  CHECK_FALSE(can_convolve_3x3(torch::zeros({1, 16, 4, 4}), weight));
  CHECK_FALSE(can_convolve_3x3(bf16({1, 16, 5, 4}), weight));
  CHECK_FALSE(can_convolve_3x3(bf16({1, 4, 4, 4}), torch::zeros({16, 4, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast)));
  CHECK_FALSE(can_convolve_3x3(bf16({1, 16, 4, 4}), torch::zeros({16, 16, 1, 1})));
  CHECK_FALSE(can_convolve_1x1(bf16({1, 16, 4, 4}), weight));
  CHECK_FALSE(can_convolve_1x1(bf16({1, 24, 4, 4}), torch::zeros({16, 24, 1, 1})));
  CHECK_FALSE(can_convolve_1x1(torch::zeros({1, 16, 4, 4}), torch::zeros({16, 16, 1, 1})));
}
