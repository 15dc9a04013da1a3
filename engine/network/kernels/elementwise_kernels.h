#pragma once

#include <cstdint>

#include "engine/network/activation.h"
#include "engine/network/kernels/group_norm_kernels.h"

namespace kiln {

// y = (f(a[c]·x + b[c] + before) + after) · scale[c] + shift[c]. Every pointer may be null: one for a and scale, zero for the
// others.
template <class T>
struct ActivationTerms {
  const float *a, *b;
  Activation f;
  Rows<const T> before, after;
  const float *scale, *shift;
};

// The largest of a row and Σ exp(x[c] - largest): the logarithm of Σ exp(x[c]) is largest + log(sum).
struct SoftmaxSum {
  float largest, sum;
};

// What networks and losses do to each pixel beside the convolutions, on one picture of channels-last rows. One thread, no
// allocation.
template <class T>
struct ElementwiseKernels {
  // y may be x.
  void (*activate)(Rows<const T> x, Rows<T> y, std::int64_t pixels, std::int64_t channels, const ActivationTerms<T>& terms);

  // y[c] = the largest or the mean x[c] of a square of side² pixels whose rows lie row_stride numbers apart.
  void (*pool)(Rows<const T> x, std::int64_t row_stride, std::int64_t side, std::int64_t channels, bool largest, T* y);

  SoftmaxSum (*softmax_sum)(const T* x, std::int64_t channels);
  // y[c] = factor · exp(x[c] - largest)
  void (*scaled_exponentials)(const T* x, std::int64_t channels, float largest, float factor, T* y);
};

template <class T>
const ElementwiseKernels<T>& elementwise_kernels(Isa isa);
template <>
const ElementwiseKernels<float>& elementwise_kernels<float>(Isa isa);
template <>
const ElementwiseKernels<Bf16>& elementwise_kernels<Bf16>(Isa isa);

}  // namespace kiln
