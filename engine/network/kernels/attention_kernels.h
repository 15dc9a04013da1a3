#pragma once

#include <cstdint>

#include "engine/network/kernels/group_norm_kernels.h"

namespace kiln {

// Multi-head self-attention of one sample (Vaswani et al. 2017), without its projections; sums and softmax in fp32.
// qkv: [tokens, 3 · heads · head_channels], queries, keys, values one after the other, each with its heads one after the other.
// out: [tokens, heads · head_channels]. scratch: attention_scratch(tokens, head_channels) floats. No score leaves the cache: each
// head's score rows are made, used and forgotten four at a time.
template <class T>
void attention_sample(Isa isa, Rows<const T> qkv, Rows<T> out, std::int64_t tokens, std::int64_t heads, std::int64_t head_channels,
                      float* scratch);

// Gradient of qkv from that of the result, computed from qkv alone. scratch as above.
template <class T>
void attention_sample_backward(Isa isa, Rows<const T> qkv, Rows<const T> result_gradient, Rows<T> qkv_gradient, std::int64_t tokens,
                               std::int64_t heads, std::int64_t head_channels, float* scratch);

std::int64_t attention_scratch(std::int64_t tokens, std::int64_t head_channels);

}  // namespace kiln
