#pragma once

#include <cstddef>

#include "engine/network/kernels/winograd.h"

namespace kiln {

// The gradient of the weights of a 3×3 convolution, stride 1, padding 1, as F(3×3, 2×2) (Winograd 1980; Lavin & Gray 2016): as
// winograd.h's forward pass, 4 multiplications a pixel and pair of channels in place of 9. Transformed pictures and gradients are
// rounded to bf16 once each; sums are fp32, in an order that depends on the sizes alone. One thread.

// False where the instruction set or the sizes have no kernel.
bool has_winograd_gradient(Isa isa, const WinogradShape& shape);
std::size_t winograd_gradient_scratch_bytes(const WinogradShape& shape, std::int64_t pictures);

// x: [pictures, height, width, in]; dy, the gradient of the result: [pictures, height, width, out]. weights: [out, 3, 3, in] and
// bias: [out] are written. scratch: on a cache line.
void winograd_gradient(Isa isa, const WinogradShape& shape, const Bf16* x, const Bf16* dy, std::int64_t pictures, float* weights,
                       float* bias, std::byte* scratch);

}  // namespace kiln
