#pragma once

#include <ATen/core/Tensor.h>

namespace kiln {

// GroupNorm (Wu & He 2018), then an optional scale and shift per sample and channel, then an optional SiLU, in one pass over
// memory:
//   y = f((n · weight + bias) · (1 + scale) + shift), n = (x - mean) · rstd over each of `groups` groups.
// x: [N, C, H, W]. weight, bias: [C] fp32. scale_shift: [N, 2C], scales first, or undefined. Returns [N, C, H, W] in x's type,
// channels-last. On the CPU fp32 and bf16 take the fused kernels (statistics in fp32); other types and devices a plain composition.
// Differentiable in all four tensors; the fused kernels once only.
at::Tensor group_norm_silu(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& scale_shift,
                           int64_t groups, double eps, bool silu);

}  // namespace kiln
