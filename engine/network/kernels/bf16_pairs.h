// Pairs of bf16 numbers as AVX512-BF16 multiplies them; for files compiled for that set only.
#pragma once

#include "engine/network/kernels/vec.h"

namespace kiln {
namespace {

// 16 numbers of each, rounded: number i of both side by side.
inline __m512i pairs_of(VecN first, VecN second) {
  const auto both = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(second.v, first.v));
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4,
                                         19, 3, 18, 2, 17, 1, 16, 0);
  return _mm512_permutexvar_epi16(order, both);
}

}  // namespace
}  // namespace kiln
