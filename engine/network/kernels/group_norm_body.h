// The GroupNorm kernels over the vectors of vec.h; included once by the file of each instruction set.
#pragma once

#include "engine/network/kernels/group_norm_kernels.h"
#include "engine/network/kernels/vec.h"

namespace kiln {
namespace {

// Calls f for the channels [0, channels): first in vectors, then the rest one by one.
#define KILN_EACH_VECTOR(channels, body)                                                           \
  {                                                                                                \
    std::int64_t c = 0;                                                                            \
    for (; c + VecN::kWidth <= (channels); c += VecN::kWidth) (body).template operator()<VecN>(c); \
    for (; c < (channels); ++c) (body).template operator()<Vec1>(c);                               \
  }

// The sums of K vectors of channels, over all pixels.
template <class V, int K, class T>
void sum_block(const T* x, std::int64_t stride, std::int64_t pixels, float* sum, float* squares) {
  V first[K], s[K], q[K];
#pragma GCC unroll 4
  for (int k = 0; k < K; ++k) {
    first[k] = V::load(x + k * V::kWidth);
    s[k] = q[k] = V::set(0.0f);
  }
  for (std::int64_t p = 0; p < pixels; ++p, x += stride) {
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) {
      const V d = V::load(x + k * V::kWidth) - first[k];
      s[k] = s[k] + d;
      q[k] = fma(d, d, q[k]);
    }
  }
#pragma GCC unroll 4
  for (int k = 0; k < K; ++k) {
    s[k].store(sum + k * V::kWidth);
    q[k].store(squares + k * V::kWidth);
  }
}

template <class T>
void sums(Rows<const T> x, std::int64_t pixels, std::int64_t channels, float* sum, float* squares) {
  constexpr int kBlock = 4;
  constexpr int kWidth = VecN::kWidth;
  std::int64_t c = 0;
  for (; c + kBlock * kWidth <= channels; c += kBlock * kWidth) {
    sum_block<VecN, kBlock>(x.data + c, x.stride, pixels, sum + c, squares + c);
  }
  for (; c + kWidth <= channels; c += kWidth) sum_block<VecN, 1>(x.data + c, x.stride, pixels, sum + c, squares + c);
  for (; c < channels; ++c) sum_block<Vec1, 1>(x.data + c, x.stride, pixels, sum + c, squares + c);
}

template <bool kSilu, bool kFactors, class T>
void apply_rows(Rows<const T> x, Rows<T> y, std::int64_t pixels, std::int64_t channels, const float* a, const float* b,
                const float* factors) {
  for (std::int64_t p = 0; p < pixels; ++p) {
    const T* in = x.data + p * x.stride;
    T* out = y.data + p * y.stride;
    const auto one = [&]<class V>(std::int64_t c) {
      const V z = fma(V::load(in + c), V::load(a + c), V::load(b + c));
      V result = kSilu ? z * sigmoid(z) : z;
      if constexpr (kFactors) result = result * V::load(factors + c);
      result.store(out + c);
    };
    KILN_EACH_VECTOR(channels, one)
  }
}

template <class T>
void apply(Rows<const T> x, Rows<T> y, std::int64_t pixels, std::int64_t channels, const float* a, const float* b,
           const float* factors, bool silu) {
  const auto rows = silu ? (factors ? apply_rows<true, true, T> : apply_rows<true, false, T>)
                         : (factors ? apply_rows<false, true, T> : apply_rows<false, false, T>);
  rows(x, y, pixels, channels, a, b, factors);
}

template <bool kSilu, bool kFactors, class T>
void backward_sum_rows(Rows<const T> x, Rows<const T> dy, std::int64_t pixels, std::int64_t channels, const float* a,
                       const float* b, const float* factors, const float* mean, float* dz, float* sum, float* product) {
  for (std::int64_t c = 0; c < channels; ++c) sum[c] = product[c] = 0.0f;
  for (std::int64_t p = 0; p < pixels; ++p) {
    const T* in = x.data + p * x.stride;
    const T* grad = dy.data + p * dy.stride;
    float* out = dz + p * channels;
    const auto one = [&]<class V>(std::int64_t c) {
      const V value = V::load(in + c);
      V g = V::load(grad + c);
      if constexpr (kFactors) g = g * V::load(factors + c);
      if constexpr (kSilu) {
        // f(z) = z σ(z); f' = σ (1 + z (1 - σ)).
        const V z = fma(value, V::load(a + c), V::load(b + c));
        const V s = sigmoid(z);
        g = g * s * fma(z, V::set(1.0f) - s, V::set(1.0f));
      }
      g.store(out + c);
      (V::load(sum + c) + g).store(sum + c);
      fma(g, value - V::load(mean + c), V::load(product + c)).store(product + c);
    };
    KILN_EACH_VECTOR(channels, one)
  }
}

template <class T>
void backward_sums(Rows<const T> x, Rows<const T> dy, std::int64_t pixels, std::int64_t channels, const float* a, const float* b,
                   const float* factors, const float* mean, bool silu, float* dz, float* sum, float* product) {
  const auto rows = silu ? (factors ? backward_sum_rows<true, true, T> : backward_sum_rows<true, false, T>)
                         : (factors ? backward_sum_rows<false, true, T> : backward_sum_rows<false, false, T>);
  rows(x, dy, pixels, channels, a, b, factors, mean, dz, sum, product);
}

template <class T>
void backward_apply(Rows<const T> x, const float* dz, Rows<T> dx, std::int64_t pixels, std::int64_t channels, const float* p,
                    const float* q, const float* r) {
  for (std::int64_t i = 0; i < pixels; ++i) {
    const T* in = x.data + i * x.stride;
    const float* grad = dz + i * channels;
    T* out = dx.data + i * dx.stride;
    const auto one = [&]<class V>(std::int64_t c) {
      const V inner = fma(V::load(in + c), V::load(q + c), V::load(r + c));
      fma(V::load(grad + c), V::load(p + c), inner).store(out + c);
    };
    KILN_EACH_VECTOR(channels, one)
  }
}

#undef KILN_EACH_VECTOR

template <class T>
constexpr GroupNormKernels<T> kKernels = {sums<T>, apply<T>, backward_sums<T>, backward_apply<T>};

}  // namespace
}  // namespace kiln
