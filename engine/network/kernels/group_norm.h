#pragma once

#include <ATen/core/Tensor.h>

namespace kiln {

// GroupNorm (Wu & He 2018), then an optional scale and shift per sample and channel, then an optional SiLU, then optional
// factors per sample and channel (dropout), in one pass over memory:
//   y = f((n · weight + bias) · (1 + scale) + shift) · factor, n = (x - mean) · rstd over each of `groups` groups.
// x: [N, C, H, W]. weight, bias: [C] fp32. scale_shift: [N, 2C], scales first, or undefined. factors: [N, C] fp32 without a
// gradient, or undefined. Returns [N, C, H, W] in x's type, channels-last. On the CPU fp32 and bf16 take the fused kernels
// (statistics in fp32); other types and devices a plain composition. Differentiable in the first four tensors; the fused kernels
// once only.
at::Tensor group_norm_silu(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& scale_shift,
                           int64_t groups, double eps, bool silu, const at::Tensor& factors = {});

}  // namespace kiln
