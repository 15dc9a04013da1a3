#pragma once

#include <ATen/core/Tensor.h>

namespace kiln {

// Whether convolve_3x3 has kernels for these: bf16 on a processor that multiplies it, in sizes that fit.
bool can_convolve_3x3(const at::Tensor& x, const at::Tensor& weight);

// A 3×3 convolution, stride 1, padding 1, plus `added`, if that is defined. x: [N, in, H, W] bf16; weight: [out, in, 3, 3] fp32,
// channels-last; bias: [out] fp32; added: [N, out, H, W] bf16. Returns [N, out, H, W] bf16, channels-last. By Winograd's method
// forward and for the gradients (winograd.h, winograd_gradient.h); differentiable in all four tensors, once. One thread.
at::Tensor convolve_3x3(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added);

// The same for 1×1 convolutions: x of any size, weight [out, in, 1, 1].
bool can_convolve_1x1(const at::Tensor& x, const at::Tensor& weight);
at::Tensor convolve_1x1(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added);

}  // namespace kiln
