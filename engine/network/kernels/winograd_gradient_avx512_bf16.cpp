#include "engine/network/kernels/winograd_gradient_table.h"

#if defined(__AVX512BF16__)
#include "engine/network/kernels/bf16_pairs.h"

namespace kiln {
namespace {

using winograd_gradient_table::kPlanesInRow;
using winograd_gradient_table::kVector;
using winograd_table::Tiles;

// Bᵀ d B: one row of it is of two rows of the tile, first ± second.
struct SourceTile {
  const Bf16* first[4];
  const Bf16* second[4];

  SourceTile(const WinogradShape& shape, std::int64_t tile, int row, const Bf16* x, const Bf16* zeros) {
    constexpr int kFirst[] = {0, 1, 2, 1}, kSecond[] = {2, 2, 1, 3};
    const std::int64_t columns = shape.width / 2, tiles = columns * (shape.height / 2);
    const std::int64_t top = 2 * (tile % tiles / columns) - 1, left = 2 * (tile % columns) - 1;
    const Bf16* const picture = x + tile / tiles * shape.height * shape.width * shape.in;
    const auto at = [&](std::int64_t y, std::int64_t column) {
      const bool inside = y >= 0 && y < shape.height && column >= 0 && column < shape.width;
      return inside ? picture + (y * shape.width + column) * shape.in : zeros;
    };
    for (int j = 0; j < 4; ++j) {
      first[j] = at(top + kFirst[row], left + j);
      second[j] = at(top + kSecond[row], left + j);
    }
  }

  template <bool kPlus>
  void load(std::int64_t channel, VecN* out) const {
    VecN d[4];
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      const VecN a = VecN::load(first[j] + channel), b = VecN::load(second[j] + channel);
      d[j] = kPlus ? a + b : a - b;
    }
    out[0] = d[0] - d[2];
    out[1] = d[1] + d[2];
    out[2] = d[2] - d[1];
    out[3] = d[1] - d[3];
  }
};

template <bool kPlus>
void transform_x_row(const WinogradShape& shape, Tiles tiles, int row, const Bf16* x, const Bf16* zeros, Bf16* planes,
                     std::int64_t plane) {
  const std::int64_t pairs = (tiles.count + 1) / 2;
  for (std::int64_t pair = 0; pair < pairs; ++pair) {
    const bool both = 2 * pair + 1 < tiles.count;
    const SourceTile left(shape, tiles.first + 2 * pair, row, x, zeros);
    SourceTile right(shape, tiles.first + (both ? 2 * pair + 1 : 2 * pair), row, x, zeros);
    if (!both) {
      for (int j = 0; j < 4; ++j) right.first[j] = right.second[j] = zeros;
    }
    for (std::int64_t channel = 0; channel < shape.in; channel += kVector) {
      VecN a[4], b[4];
      left.load<kPlus>(channel, a);
      right.load<kPlus>(channel, b);
      Bf16* const out = planes + (channel * pairs + pair * kVector) * 2;
#pragma GCC unroll 4
      for (int j = 0; j < kPlanesInRow; ++j) _mm512_store_si512(out + j * plane, pairs_of(a[j], b[j]));
    }
  }
}

void transform_x(const WinogradShape& shape, Tiles tiles, int row, const Bf16* x, const Bf16* zeros, Bf16* planes,
                 std::int64_t plane) {
  row == 1 ? transform_x_row<true>(shape, tiles, row, x, zeros, planes, plane)
           : transform_x_row<false>(shape, tiles, row, x, zeros, planes, plane);
}

// One row of A dy Aᵀ of one tile, before columns are combined.
template <int kRow>
void load_gradient(const Bf16* corner, std::int64_t line, std::int64_t step, VecN* halves) {
#pragma GCC unroll 2
  for (int j = 0; j < 2; ++j) {
    const VecN top = VecN::load(corner + j * step), bottom = VecN::load(corner + line + j * step);
    halves[j] = kRow == 0 ? top : kRow == 1 ? top + bottom : kRow == 2 ? top - bottom : VecN::set(0.0f) - bottom;
  }
}

template <int kRow>
void transform_dy_row(const WinogradShape& shape, Tiles tiles, const Bf16* dy, Bf16* planes, std::int64_t plane, float* bias) {
  const std::int64_t pairs = (tiles.count + 1) / 2, columns = shape.width / 2;
  const std::int64_t line = shape.width * shape.out;
  const auto corner_of = [&](std::int64_t tile) {
    return dy + 2 * (tile / columns) * line + 2 * (tile % columns) * shape.out;  // pictures follow each other
  };
  for (std::int64_t pair = 0; pair < pairs; ++pair) {
    const bool both = 2 * pair + 1 < tiles.count;
    const Bf16* const left = corner_of(tiles.first + 2 * pair);
    const Bf16* const right = both ? corner_of(tiles.first + 2 * pair + 1) : left;
    for (std::int64_t channel = 0; channel < shape.out; channel += kVector) {
      VecN a[2], b[2];
      load_gradient<kRow>(left + channel, line, shape.out, a);
      load_gradient<kRow>(right + channel, line, shape.out, b);
      if (!both) b[0] = b[1] = VecN::set(0.0f);
      const VecN a_sum = a[0] + a[1], b_sum = b[0] + b[1];
      if constexpr (kRow == 1) (VecN::load(bias + channel) + (a_sum + b_sum)).store(bias + channel);
      Bf16* const out = planes + (channel * pairs + pair * kVector) * 2;
      _mm512_store_si512(out, pairs_of(a[0], b[0]));
      _mm512_store_si512(out + plane, pairs_of(a_sum, b_sum));
      _mm512_store_si512(out + 2 * plane, pairs_of(a[0] - a[1], b[0] - b[1]));
      const VecN none = VecN::set(0.0f);
      _mm512_store_si512(out + 3 * plane, pairs_of(none - a[1], none - b[1]));
    }
  }
}

void transform_dy(const WinogradShape& shape, Tiles tiles, int row, const Bf16* dy, Bf16* planes, std::int64_t plane, float* bias) {
  switch (row) {
    case 0:
      return transform_dy_row<0>(shape, tiles, dy, planes, plane, bias);
    case 1:
      return transform_dy_row<1>(shape, tiles, dy, planes, plane, bias);
    case 2:
      return transform_dy_row<2>(shape, tiles, dy, planes, plane, bias);
    default:
      return transform_dy_row<3>(shape, tiles, dy, planes, plane, bias);
  }
}

// R result channels by K vectors of source channels.
template <int R, int K>
void multiply_block(std::int64_t pairs, const Bf16* dy, const Bf16* x, std::int64_t in, bool add, float* products) {
  __m512 sums[R][K];
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) sums[i][k] = add ? _mm512_loadu_ps(products + i * in + k * kVector) : _mm512_setzero_ps();
  }
  const std::int64_t vector = pairs * kVector * 2;
  for (std::int64_t pair = 0; pair < pairs; ++pair, dy += 2 * kVector, x += 2 * kVector) {
    __m512bh column[K];
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) column[k] = reinterpret_cast<__m512bh>(_mm512_load_si512(x + k * vector));
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i) {
      std::int32_t two;
      __builtin_memcpy(&two, dy + 2 * i, sizeof two);
      const auto factor = reinterpret_cast<__m512bh>(_mm512_set1_epi32(two));
#pragma GCC unroll 4
      for (int k = 0; k < K; ++k) sums[i][k] = _mm512_dpbf16_ps(sums[i][k], factor, column[k]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) _mm512_storeu_ps(products + i * in + k * kVector, sums[i][k]);
  }
}

template <int R, int K>
void multiply_panel(const WinogradShape& shape, std::int64_t pairs, const Bf16* dy, const Bf16* x, bool add, float* products) {
  for (std::int64_t first = 0; first < shape.out; first += kVector) {
    const Bf16* const rows = dy + first * pairs * 2;
    for (std::int64_t i = 0; i < kVector; i += R)
      multiply_block<R, K>(pairs, rows + 2 * i, x, shape.in, add, products + (first + i) * shape.in);
  }
}

void multiply(const WinogradShape& shape, std::int64_t pairs, const Bf16* dy, const Bf16* x, bool add, float* products) {
  const auto panel = [&](std::int64_t channel) { return x + channel * pairs * 2; };
  std::int64_t channel = 0;
  for (; channel + 4 * kVector <= shape.in; channel += 4 * kVector)
    multiply_panel<4, 4>(shape, pairs, dy, panel(channel), add, products + channel);
  for (; channel + 2 * kVector <= shape.in; channel += 2 * kVector)
    multiply_panel<8, 2>(shape, pairs, dy, panel(channel), add, products + channel);
  for (; channel < shape.in; channel += kVector) multiply_panel<8, 1>(shape, pairs, dy, panel(channel), add, products + channel);
}

// Gᵀ of four numbers: three.
void fold(VecN a, VecN b, VecN c, VecN d, VecN* out) {
  const VecN half = VecN::set(0.5f), sum = half * (b + c);
  out[0] = a + sum;
  out[1] = half * (b - c);
  out[2] = sum + d;
}

void finish(const WinogradShape& shape, const float* products, std::int64_t plane, float* weights) {
  for (std::int64_t out = 0; out < shape.out; ++out) {
    for (std::int64_t channel = 0; channel < shape.in; channel += kVector) {
      const float* const m = products + out * shape.in + channel;
      VecN columns[4][3];
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        const float* const row = m + 4 * i * plane;
        fold(VecN::load(row), VecN::load(row + plane), VecN::load(row + 2 * plane), VecN::load(row + 3 * plane), columns[i]);
      }
#pragma GCC unroll 3
      for (int j = 0; j < 3; ++j) {
        VecN taps[3];
        fold(columns[0][j], columns[1][j], columns[2][j], columns[3][j], taps);
#pragma GCC unroll 3
        for (int i = 0; i < 3; ++i) taps[i].store(weights + ((out * 3 + i) * 3 + j) * shape.in + channel);
      }
    }
  }
}

constexpr winograd_gradient_table::Steps kSteps = {transform_x, transform_dy, multiply, finish};

}  // namespace
}  // namespace kiln

constinit const kiln::winograd_gradient_table::Steps* const kiln::winograd_gradient_table::kAvx512Bf16 = &kSteps;
#else
constinit const kiln::winograd_gradient_table::Steps* const kiln::winograd_gradient_table::kAvx512Bf16 = nullptr;
#endif
