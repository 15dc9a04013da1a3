#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/network/kernels/group_norm_kernels.h"

namespace kiln {

// 1×1 convolutions of channels-last bf16 pictures: one affine map for every pixel. Sums are fp32. One thread.

struct PointwiseShape {
  std::int64_t in, out;  // channels
};

// False where the instruction set or the sizes have no kernel; then none of the functions below may be called.
bool has_pointwise(Isa isa, const PointwiseShape& shape);
std::size_t pointwise_scratch_bytes(const PointwiseShape& shape);  // for any of the functions below; it begins on a cache line

// result = x · weightsᵀ + bias + added. x: [pixels, in]; weights: [out, in]; bias: [out]; added: [pixels, out], or null; result:
// [pixels, out].
void pointwise_run(const PointwiseShape& shape, const Bf16* x, const float* weights, const float* bias, const Bf16* added,
                   std::int64_t pixels, Bf16* result, std::byte* scratch);
// dx [pixels, in] = dy [pixels, out] · weights.
void pointwise_gradient_of_x(const PointwiseShape& shape, const Bf16* dy, const float* weights, std::int64_t pixels, Bf16* dx,
                             std::byte* scratch);
// weights [out, in] = dyᵀ · x and bias [out] = Σ dy are written.
void pointwise_gradient_of_weights(const PointwiseShape& shape, const Bf16* x, const Bf16* dy, std::int64_t pixels, float* weights,
                                   float* bias, std::byte* scratch);

}  // namespace kiln
