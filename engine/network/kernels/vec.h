// Vectors of floats for the instruction set that the including file is compiled for. Everything here has internal linkage and calls
// no library function: files built for different sets must not share a symbol.
#pragma once

#include <cstdint>

#include "engine/network/kernels/group_norm_kernels.h"

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#endif

namespace kiln {
namespace {

struct Vec1 {
  static constexpr int kWidth = 1;
  float v;

  static Vec1 set(float x) { return {x}; }
  static Vec1 load(const float* p) { return {*p}; }
  static Vec1 load(const Bf16* p) { return {__builtin_bit_cast(float, static_cast<std::uint32_t>(p->bits) << 16)}; }
  void store(float* p) const { *p = v; }
  void store(Bf16* p) const {
    const std::uint32_t bits = __builtin_bit_cast(std::uint32_t, v);
    // Round to nearest even; a NaN must not round to infinity.
    p->bits = static_cast<std::uint16_t>(v != v ? 0x7fc0u : (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
  }
  friend Vec1 operator+(Vec1 a, Vec1 b) { return {a.v + b.v}; }
  friend Vec1 operator-(Vec1 a, Vec1 b) { return {a.v - b.v}; }
  friend Vec1 operator*(Vec1 a, Vec1 b) { return {a.v * b.v}; }
  friend Vec1 fma(Vec1 a, Vec1 b, Vec1 c) { return {a.v * b.v + c.v}; }
  friend Vec1 larger(Vec1 a, Vec1 b) { return {a.v > b.v ? a.v : b.v}; }
  friend Vec1 reciprocal(Vec1 a) { return {1.0f / a.v}; }
  // Between low and high; NaN stays NaN.
  friend Vec1 clamp(Vec1 a, float low, float high) { return {a.v < low ? low : a.v > high ? high : a.v}; }
  friend Vec1 round(Vec1 a) {
    constexpr float kMagic = 12582912.0f;  // 1.5 · 2^23: adding it leaves no fraction bits
    volatile float shifted = a.v + kMagic;
    return {shifted - kMagic};
  }
  // a · 2^n for a whole n, |n| < 126.
  friend Vec1 scale_by_power(Vec1 a, Vec1 n) {
    const auto exponent = static_cast<std::uint32_t>(static_cast<std::int32_t>(n.v == n.v ? n.v : 0.0f) + 127) << 23;
    return {a.v * __builtin_bit_cast(float, exponent)};
  }
};

#if defined(__AVX512F__) && defined(__AVX512BW__)
struct VecN {
  static constexpr int kWidth = 16;
  __m512 v;

  static VecN set(float x) { return {_mm512_set1_ps(x)}; }
  static VecN load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static VecN load(const Bf16* p) {
    const __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    return {_mm512_castsi512_ps(_mm512_slli_epi32(wide, 16))};
  }
  void store(float* p) const { _mm512_storeu_ps(p, v); }
  void store(Bf16* p) const {
#if defined(__AVX512BF16__)
    const __m256bh halves = _mm512_cvtneps_pbh(v);
    __builtin_memcpy(p, &halves, sizeof halves);
#else
    const __m512i bits = _mm512_castps_si512(v);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    __m512i rounded = _mm512_srli_epi32(_mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff)), odd), 16);
    rounded = _mm512_mask_mov_epi32(rounded, _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q), _mm512_set1_epi32(0x7fc0));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(rounded));
#endif
  }
  friend VecN operator+(VecN a, VecN b) { return {_mm512_add_ps(a.v, b.v)}; }
  friend VecN operator-(VecN a, VecN b) { return {_mm512_sub_ps(a.v, b.v)}; }
  friend VecN operator*(VecN a, VecN b) { return {_mm512_mul_ps(a.v, b.v)}; }
  friend VecN fma(VecN a, VecN b, VecN c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
  friend VecN larger(VecN a, VecN b) { return {_mm512_max_ps(a.v, b.v)}; }
  friend VecN reciprocal(VecN a) {
    const __m512 r = _mm512_rcp14_ps(a.v);  // one Newton step: 2^-14 → 2^-24
    return {_mm512_mul_ps(r, _mm512_fnmadd_ps(a.v, r, _mm512_set1_ps(2.0f)))};
  }
  friend VecN clamp(VecN a, float low, float high) {
    return {_mm512_min_ps(_mm512_set1_ps(high), _mm512_max_ps(_mm512_set1_ps(low), a.v))};
  }
  friend VecN round(VecN a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
  friend VecN scale_by_power(VecN a, VecN n) { return {_mm512_scalef_ps(a.v, n.v)}; }
};
#elif defined(__AVX2__) && defined(__FMA__)
struct VecN {
  static constexpr int kWidth = 8;
  __m256 v;

  static VecN set(float x) { return {_mm256_set1_ps(x)}; }
  static VecN load(const float* p) { return {_mm256_loadu_ps(p)}; }
  static VecN load(const Bf16* p) {
    const __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    return {_mm256_castsi256_ps(_mm256_slli_epi32(wide, 16))};
  }
  void store(float* p) const { _mm256_storeu_ps(p, v); }
  void store(Bf16* p) const {
    const __m256i bits = _mm256_castps_si256(v);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    __m256i rounded = _mm256_srli_epi32(_mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7fff)), odd), 16);
    rounded = _mm256_blendv_epi8(rounded, _mm256_set1_epi32(0x7fc0), _mm256_castps_si256(_mm256_cmp_ps(v, v, _CMP_UNORD_Q)));
    const __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(rounded, rounded), 0x08);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(packed));
  }
  friend VecN operator+(VecN a, VecN b) { return {_mm256_add_ps(a.v, b.v)}; }
  friend VecN operator-(VecN a, VecN b) { return {_mm256_sub_ps(a.v, b.v)}; }
  friend VecN operator*(VecN a, VecN b) { return {_mm256_mul_ps(a.v, b.v)}; }
  friend VecN fma(VecN a, VecN b, VecN c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
  friend VecN larger(VecN a, VecN b) { return {_mm256_max_ps(a.v, b.v)}; }
  friend VecN reciprocal(VecN a) { return {_mm256_div_ps(_mm256_set1_ps(1.0f), a.v)}; }
  friend VecN clamp(VecN a, float low, float high) {
    return {_mm256_min_ps(_mm256_set1_ps(high), _mm256_max_ps(_mm256_set1_ps(low), a.v))};
  }
  friend VecN round(VecN a) { return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
  friend VecN scale_by_power(VecN a, VecN n) {
    const __m256i exponent = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n.v), _mm256_set1_epi32(127)), 23);
    return {_mm256_mul_ps(a.v, _mm256_castsi256_ps(exponent))};
  }
};
#else
using VecN = Vec1;
#endif

// e^x for x in [-80, 80] (clamped to it), relative error below 2e-7. x = n ln 2 + r; e^r by the degree-5 polynomial that
// interpolates it at the Chebyshev nodes of [-ln 2 / 2, ln 2 / 2].
template <class V>
inline V exponential(V x) {
  x = clamp(x, -80.0f, 80.0f);
  const V n = round(x * V::set(1.44269504f));
  V r = fma(n, V::set(-0.693359375f), x);
  r = fma(n, V::set(2.12194440e-4f), r);
  V p = V::set(0.008369155668f);
  p = fma(p, r, V::set(0.041917557541f));
  p = fma(p, r, V::set(0.166665051958f));
  p = fma(p, r, V::set(0.499988689253f));
  p = fma(p, r, V::set(1.00000001078f));
  p = fma(p, r, V::set(1.00000007550f));
  return scale_by_power(p, n);
}

template <class V>
inline V sigmoid(V x) {
  return reciprocal(V::set(1.0f) + exponential(V::set(0.0f) - x));
}

}  // namespace
}  // namespace kiln
