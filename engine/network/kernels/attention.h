#pragma once

#include <ATen/core/Tensor.h>

namespace kiln {

// Multi-head self-attention over pixels, without its projections (Vaswani et al. 2017): softmax(Q Kᵀ / √d) V for each head.
// qkv: [N, 3C, H, W], queries, keys and values one after the other, each with its heads one after the other. Returns [N, C, H, W]
// in qkv's type, channels-last. On the CPU fp32 and bf16 take kernels that keep no scores, also for the gradient, which can be
// taken once; other types and devices a plain composition.
at::Tensor self_attention(const at::Tensor& qkv, int64_t heads);

// What each pixel takes from each other one in it, softmax(Q Kᵀ / √d): [N, heads, H·W, H·W].
at::Tensor attention_weights(const at::Tensor& qkv, int64_t heads);

}  // namespace kiln
