#include "engine/network/kernels/pointwise_table.h"

#if defined(__AVX512BF16__)
#include "engine/network/kernels/bf16_pairs.h"
#include "engine/network/kernels/vec.h"

namespace kiln {
namespace {

using pointwise_table::kVector;

// Rows are result channels: pairs of source channels lie in a row, and are brought under each other.
void pack_rows(const float* weights, std::int64_t stride, std::int64_t sources, std::int64_t columns, Bf16* packed) {
  const __m512i places =
      _mm512_mullo_epi32(_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), _mm512_set1_epi32(kVector / 2));
  for (std::int64_t column = 0; column < columns; column += kVector) {
    for (std::int64_t source = 0; source < sources; source += kVector) {
      alignas(64) std::uint32_t pairs[kVector][kVector / 2];
      for (std::int64_t row = 0; row < kVector; ++row)
        VecN::load(weights + (column + row) * stride + source).store(reinterpret_cast<Bf16*>(pairs[row]));
      for (std::int64_t pair = 0; pair < kVector / 2; ++pair) {
        _mm512_storeu_si512(packed + ((source / 2 + pair) * columns + column) * 2,
                            _mm512_i32gather_epi32(places, &pairs[0][pair], 4));
      }
    }
  }
}

// Rows are source channels: two of them make the pairs.
void pack_columns(const float* weights, std::int64_t stride, std::int64_t sources, std::int64_t columns, Bf16* packed) {
  for (std::int64_t source = 0; source < sources; source += 2) {
    for (std::int64_t column = 0; column < columns; column += kVector) {
      const float* const first = weights + source * stride + column;
      _mm512_storeu_si512(packed + (source / 2 * columns + column) * 2, pairs_of(VecN::load(first), VecN::load(first + stride)));
    }
  }
}

void pack(const float* weights, std::int64_t stride, std::int64_t sources, std::int64_t columns, bool transposed, Bf16* packed) {
  transposed ? pack_columns(weights, stride, sources, columns, packed) : pack_rows(weights, stride, sources, columns, packed);
}

template <bool kAdd>
void finish_rows(const float* products, const float* bias, const Bf16* added, std::int64_t pixels, std::int64_t channels,
                 Bf16* result) {
  for (std::int64_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::int64_t c = 0; c < channels; c += kVector) {
      VecN sum = VecN::load(products + c) + VecN::load(bias + c);
      if constexpr (kAdd) sum = sum + VecN::load(added + c);
      sum.store(result + c);
    }
    products += channels;
    result += channels;
    if constexpr (kAdd) added += channels;
  }
}

void finish(const float* products, const float* bias, const Bf16* added, std::int64_t pixels, std::int64_t channels, Bf16* result) {
  added ? finish_rows<true>(products, bias, added, pixels, channels, result)
        : finish_rows<false>(products, bias, added, pixels, channels, result);
}

void pair(const Bf16* rows, std::int64_t pixels, std::int64_t channels, Bf16* plane, float* sums) {
  const std::int64_t pairs = (pixels + 1) / 2;
  for (std::int64_t p = 0; p < pairs; ++p) {
    const Bf16* const first = rows + 2 * p * channels;
    const bool both = 2 * p + 1 < pixels;
    for (std::int64_t c = 0; c < channels; c += kVector) {
      const VecN a = VecN::load(first + c), b = both ? VecN::load(first + channels + c) : VecN::set(0.0f);
      if (sums) (VecN::load(sums + c) + (a + b)).store(sums + c);
      _mm512_storeu_si512(plane + (c * pairs + p * kVector) * 2, pairs_of(a, b));
    }
  }
}

constexpr pointwise_table::Steps kSteps = {pack, finish, pair};

}  // namespace
}  // namespace kiln

constinit const kiln::pointwise_table::Steps* const kiln::pointwise_table::kAvx512Bf16 = &kSteps;
#else
constinit const kiln::pointwise_table::Steps* const kiln::pointwise_table::kAvx512Bf16 = nullptr;
#endif
