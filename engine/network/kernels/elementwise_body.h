// The elementwise kernels over the vectors of vec.h; included once by the file of each instruction set.
#pragma once

#include "engine/network/kernels/elementwise_kernels.h"
#include "engine/network/kernels/vec.h"

namespace kiln {
namespace {

// x · Φ(x), the error function by Abramowitz & Stegun 7.1.26: off by at most 1.5e-7.
template <class V>
V gelu(V x) {
  const V z = x * V::set(0.70710678f);
  const V size = larger(z, V::set(0.0f) - z);
  const V t = reciprocal(fma(size, V::set(0.3275911f), V::set(1.0f)));
  V p = V::set(1.061405429f);
  p = fma(p, t, V::set(-1.453152027f));
  p = fma(p, t, V::set(1.421413741f));
  p = fma(p, t, V::set(-0.284496736f));
  p = fma(p, t, V::set(0.254829592f));
  // erf |z| = 1 - tail, so that x Φ(x) is max(x, 0) without |x| / 2 · tail.
  const V tail = p * t * exponential(V::set(0.0f) - size * size);
  const V positive = larger(V::set(0.0f), x);
  return fma(V::set(-0.70710678f) * size, tail, positive);
}

template <Activation kActivation, class V>
V activated(V z) {
  if constexpr (kActivation == Activation::kSilu) return z * sigmoid(z);
  if constexpr (kActivation == Activation::kGelu) return gelu(z);
  if constexpr (kActivation == Activation::kRelu) return larger(V::set(0.0f), z);  // in this order a NaN comes through
  return z;
}

template <Activation kActivation, class V, class T>
void activate_vector(const T* x, const T* before, const T* after, T* y, std::int64_t c, const ActivationTerms<T>& terms) {
  V z = V::load(x + c);
  if (terms.a) z = z * V::load(terms.a + c);
  if (terms.b) z = z + V::load(terms.b + c);
  if (before) z = z + V::load(before + c);
  z = activated<kActivation>(z);
  if (after) z = z + V::load(after + c);
  if (terms.scale) z = z * V::load(terms.scale + c);
  if (terms.shift) z = z + V::load(terms.shift + c);
  z.store(y + c);
}

template <Activation kActivation, class T>
void activate_rows(Rows<const T> x, Rows<T> y, std::int64_t pixels, std::int64_t channels, const ActivationTerms<T>& terms) {
  const auto row_of = [](Rows<const T> rows, std::int64_t p) { return rows.data ? rows.data + p * rows.stride : nullptr; };
  for (std::int64_t p = 0; p < pixels; ++p) {
    const T *const in = row_of(x, p), *const before = row_of(terms.before, p), *const after = row_of(terms.after, p);
    T* const out = y.data + p * y.stride;
    std::int64_t c = 0;
    for (; c + VecN::kWidth <= channels; c += VecN::kWidth) activate_vector<kActivation, VecN>(in, before, after, out, c, terms);
    for (; c < channels; ++c) activate_vector<kActivation, Vec1>(in, before, after, out, c, terms);
  }
}

template <class T>
void activate(Rows<const T> x, Rows<T> y, std::int64_t pixels, std::int64_t channels, const ActivationTerms<T>& terms) {
  switch (terms.f) {
    case Activation::kNone:
      return activate_rows<Activation::kNone>(x, y, pixels, channels, terms);
    case Activation::kSilu:
      return activate_rows<Activation::kSilu>(x, y, pixels, channels, terms);
    case Activation::kGelu:
      return activate_rows<Activation::kGelu>(x, y, pixels, channels, terms);
    case Activation::kRelu:
      return activate_rows<Activation::kRelu>(x, y, pixels, channels, terms);
  }
}

template <class V, class T>
void pool_vector(Rows<const T> x, std::int64_t row_stride, std::int64_t side, bool largest, T* y) {
  V sum = V::set(0.0f), most = V::load(x.data);
  for (std::int64_t i = 0; i < side; ++i) {
    for (std::int64_t j = 0; j < side; ++j) {
      const V value = V::load(x.data + i * row_stride + j * x.stride);
      sum = sum + value;
      most = larger(most, value);
    }
  }
  (largest ? most : sum * V::set(1.0f / static_cast<float>(side * side))).store(y);
}

template <class T>
void pool(Rows<const T> x, std::int64_t row_stride, std::int64_t side, std::int64_t channels, bool largest, T* y) {
  std::int64_t c = 0;
  for (; c + VecN::kWidth <= channels; c += VecN::kWidth)
    pool_vector<VecN, T>({x.data + c, x.stride}, row_stride, side, largest, y + c);
  for (; c < channels; ++c) pool_vector<Vec1, T>({x.data + c, x.stride}, row_stride, side, largest, y + c);
}

template <class T>
SoftmaxSum softmax_sum(const T* x, std::int64_t channels) {
  float lanes[VecN::kWidth];
  float largest = Vec1::load(x).v;
  std::int64_t whole = 0;
  if (channels >= VecN::kWidth) {
    VecN most = VecN::load(x);
    for (whole = VecN::kWidth; whole + VecN::kWidth <= channels; whole += VecN::kWidth) most = larger(most, VecN::load(x + whole));
    most.store(lanes);
    for (const float lane : lanes) largest = lane > largest ? lane : largest;
  }
  for (std::int64_t c = whole; c < channels; ++c) largest = Vec1::load(x + c).v > largest ? Vec1::load(x + c).v : largest;

  VecN sums = VecN::set(0.0f);
  const VecN below = VecN::set(largest);
  for (std::int64_t c = 0; c < whole; c += VecN::kWidth) sums = sums + exponential(VecN::load(x + c) - below);
  float sum = 0;
  if (whole > 0) {
    sums.store(lanes);
    for (const float lane : lanes) sum += lane;
  }
  for (std::int64_t c = whole; c < channels; ++c) sum += exponential(Vec1::load(x + c) - Vec1::set(largest)).v;
  return {largest, sum};
}

template <class T>
void scaled_exponentials(const T* x, std::int64_t channels, float largest, float factor, T* y) {
  std::int64_t c = 0;
  for (; c + VecN::kWidth <= channels; c += VecN::kWidth)
    (exponential(VecN::load(x + c) - VecN::set(largest)) * VecN::set(factor)).store(y + c);
  for (; c < channels; ++c) (exponential(Vec1::load(x + c) - Vec1::set(largest)) * Vec1::set(factor)).store(y + c);
}

template <class T>
constexpr ElementwiseKernels<T> kKernels = {activate<T>, pool<T>, softmax_sum<T>, scaled_exponentials<T>};

}  // namespace
}  // namespace kiln
