#pragma once

#include "engine/network/kernels/attention_kernels.h"

// One head of attention for each instruction set that this build has; null where the compiler cannot make it.
// q, k, v: [tokens, head_channels] rows; scale: of the scores.
namespace kiln::attention_table {

template <class T>
using Head = void (*)(Rows<const T> q, Rows<const T> k, Rows<const T> v, Rows<T> out, std::int64_t tokens,
                      std::int64_t head_channels, float scale, float* scratch);

// Its gradients, from the inputs alone: nothing of the forward pass is kept.
template <class T>
struct HeadGradients {
  Rows<const T> result_gradient;
  Rows<T> q, k, v;
};
template <class T>
using HeadBackward = void (*)(Rows<const T> q, Rows<const T> k, Rows<const T> v, const HeadGradients<T>& gradients,
                              std::int64_t tokens, std::int64_t head_channels, float scale, float* scratch);

struct Pair {
  Head<float> f32;
  Head<Bf16> bf16;
  HeadBackward<float> f32_backward;
  HeadBackward<Bf16> bf16_backward;
};

// Data, so that none of an instruction set's own code is needed to look for it.
extern const Pair kScalar;
extern const Pair kAvx2;
extern const Pair kAvx512;
extern const Pair kAvx512Bf16;

}  // namespace kiln::attention_table
