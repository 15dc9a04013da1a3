#include "engine/network/kernels/winograd_table.h"

#if defined(__AVX512BF16__)
#include "engine/network/kernels/winograd_body.h"

namespace kiln {
namespace {

// G g Gᵀ for 16 kernels side by side; tap k of them is at taps + k · stride.
void transform_taps(const float* taps, std::int64_t stride, bool turned, VecN* planes) {
  const VecN half = VecN::set(0.5f);
  VecN rows[4][3];
#pragma GCC unroll 3
  for (int j = 0; j < 3; ++j) {
    const auto tap = [&](int i) { return VecN::load(taps + (turned ? 8 - (3 * i + j) : 3 * i + j) * stride); };
    const VecN a = tap(0), b = tap(1), c = tap(2);
    rows[0][j] = a;
    rows[1][j] = half * ((a + c) + b);
    rows[2][j] = half * ((a + c) - b);
    rows[3][j] = c;
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    const VecN a = rows[i][0], b = rows[i][1], c = rows[i][2];
    planes[4 * i] = a;
    planes[4 * i + 1] = half * ((a + c) + b);
    planes[4 * i + 2] = half * ((a + c) - b);
    planes[4 * i + 3] = c;
  }
}

__m512i halves_of(VecN v) { return _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(v.v))); }

// Rows are result channels: pairs of source channels lie in a row, and are brought under each other.
void pack_rows(const float* weights, std::int64_t columns, std::int64_t panel, std::int64_t plane, Bf16* packed) {
  alignas(64) std::uint32_t pairs[16][16][8];  // [plane][result channel][pair of source channels]
  for (int row = 0; row < 16; ++row) {
    VecN planes[16];
    transform_taps(weights + row * 9 * columns, columns, false, planes);
    for (int p = 0; p < 16; ++p) planes[p].store(reinterpret_cast<Bf16*>(pairs[p][row]));
  }
  const __m512i places =
      _mm512_mullo_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32(8));
  for (int p = 0; p < 16; ++p) {
    for (int pair = 0; pair < 8; ++pair) {
      _mm512_storeu_si512(packed + p * plane + pair * 2 * panel, _mm512_i32gather_epi32(places, &pairs[p][0][pair], 4));
    }
  }
}

// Rows are source channels: two of them make the pairs.
void pack_columns(const float* weights, std::int64_t columns, std::int64_t panel, std::int64_t plane, Bf16* packed) {
  for (int pair = 0; pair < 8; ++pair) {
    VecN first[16], second[16];
    transform_taps(weights + 2 * pair * 9 * columns, columns, true, first);
    transform_taps(weights + (2 * pair + 1) * 9 * columns, columns, true, second);
    for (int p = 0; p < 16; ++p) {
      _mm512_storeu_si512(packed + p * plane + pair * 2 * panel,
                          _mm512_or_si512(halves_of(first[p]), _mm512_slli_epi32(halves_of(second[p]), 16)));
    }
  }
}

void pack(const float* weights, std::int64_t columns, bool transposed, std::int64_t panel, std::int64_t plane, Bf16* packed) {
  transposed ? pack_columns(weights, columns, panel, plane, packed) : pack_rows(weights, columns, panel, plane, packed);
}

constexpr winograd_table::Steps<Bf16> kBf16Steps = {VecN::kWidth,   kMostVectors, 2,   transform<Bf16>,
                                                    multiply<Bf16>, finish<Bf16>, pack};

}  // namespace
}  // namespace kiln

constinit const kiln::winograd_table::Pair kiln::winograd_table::kAvx512Bf16 = {&kSteps<float>, &kBf16Steps};
#else
constinit const kiln::winograd_table::Pair kiln::winograd_table::kAvx512Bf16 = {nullptr, nullptr};
#endif
