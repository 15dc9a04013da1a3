// The steps of a Winograd convolution over the vectors of vec.h; included once by the file of each instruction set.
#pragma once

#include "engine/network/kernels/vec.h"
#include "engine/network/kernels/winograd_table.h"

namespace kiln {
namespace {

using winograd_table::Tiles;

struct TilePlace {
  std::int64_t picture, row, column;

  TilePlace(const WinogradShape& shape, std::int64_t tile) {
    const std::int64_t columns = shape.width / 2, tiles = columns * (shape.height / 2);
    picture = tile / tiles;
    row = tile % tiles / columns;
    column = tile % columns;
  }
};

// Bᵀ d B of each tile and vector of channels.
template <class T>
void transform(const WinogradShape& shape, Tiles tiles, const T* bordered, T* planes, std::int64_t plane) {
  const std::int64_t channels = shape.in, line = (shape.width + 2) * channels;
  for (std::int64_t tile = 0; tile < tiles.count; ++tile) {
    const TilePlace place(shape, tiles.first + tile);
    const T* in = bordered + (place.picture * (shape.height + 2) + 2 * place.row) * line + 2 * place.column * channels;
    T* out = planes + tile * channels;
    for (std::int64_t c = 0; c < channels; c += VecN::kWidth) {
      VecN rows[4][4];
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        const T* p = in + j * channels + c;
        const VecN d0 = VecN::load(p), d1 = VecN::load(p + line), d2 = VecN::load(p + 2 * line), d3 = VecN::load(p + 3 * line);
        rows[0][j] = d0 - d2;
        rows[1][j] = d1 + d2;
        rows[2][j] = d2 - d1;
        rows[3][j] = d1 - d3;
      }
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        T* p = out + 4 * i * plane + c;
        (rows[i][0] - rows[i][2]).store(p);
        (rows[i][1] + rows[i][2]).store(p + plane);
        (rows[i][2] - rows[i][1]).store(p + 2 * plane);
        (rows[i][1] - rows[i][3]).store(p + 3 * plane);
      }
    }
  }
}

// R rows times a panel of K vectors of columns.
template <int R, int K>
void multiply_rows(std::int64_t in, const float* rows, const float* weights, float* products, std::int64_t stride) {
  VecN sums[R][K];
#pragma GCC unroll 16
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) sums[i][k] = VecN::set(0.0f);
  }
  for (std::int64_t d = 0; d < in; ++d, weights += K * VecN::kWidth) {
    VecN column[K];
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) column[k] = VecN::load(weights + k * VecN::kWidth);
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
      const VecN factor = VecN::set(rows[i * in + d]);
#pragma GCC unroll 4
      for (int k = 0; k < K; ++k) sums[i][k] = fma(factor, column[k], sums[i][k]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) sums[i][k].store(products + i * stride + k * VecN::kWidth);
  }
}

#if defined(__AVX512BF16__)
template <int R, int K>
void multiply_rows(std::int64_t in, const Bf16* rows, const Bf16* weights, float* products, std::int64_t stride) {
  __m512 sums[R][K];
#pragma GCC unroll 16
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) sums[i][k] = _mm512_setzero_ps();
  }
  for (std::int64_t d = 0; d < in; d += 2, weights += 2 * K * VecN::kWidth) {
    __m512bh column[K];
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) column[k] = reinterpret_cast<__m512bh>(_mm512_loadu_si512(weights + 2 * k * VecN::kWidth));
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
      std::int32_t two;
      __builtin_memcpy(&two, rows + i * in + d, sizeof two);
      const auto factor = reinterpret_cast<__m512bh>(_mm512_set1_epi32(two));
#pragma GCC unroll 4
      for (int k = 0; k < K; ++k) sums[i][k] = _mm512_dpbf16_ps(sums[i][k], factor, column[k]);
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) _mm512_storeu_ps(products + i * stride + k * VecN::kWidth, sums[i][k]);
  }
}
#endif

constexpr bool kManyRegisters = VecN::kWidth == 16;  // 32 of them, else 16
constexpr int kMostVectors = kManyRegisters ? 4 : 2;

template <int K, class T>
void multiply_panel(std::int64_t count, std::int64_t in, const T* rows, const T* weights, float* products, std::int64_t stride) {
  constexpr int kRows = kManyRegisters ? (K == 4 ? 6 : 12) : (K == 2 ? 5 : 8);  // sums and columns fill the registers
  const auto rest = [&](std::int64_t done) { return count - done; };
  std::int64_t i = 0;
  for (; rest(i) >= kRows && rest(i) != 8; i += kRows)
    multiply_rows<kRows, K>(in, rows + i * in, weights, products + i * stride, stride);
  for (; rest(i) >= 4; i += 4) multiply_rows<4, K>(in, rows + i * in, weights, products + i * stride, stride);
  for (; rest(i) >= 1; ++i) multiply_rows<1, K>(in, rows + i * in, weights, products + i * stride, stride);
}

template <class T>
void multiply(std::int64_t count, std::int64_t in, std::int64_t columns, const T* rows, const T* weights, float* products,
              std::int64_t stride) {
  switch (columns / VecN::kWidth) {
    case 4:
      if constexpr (kManyRegisters) multiply_panel<4>(count, in, rows, weights, products, stride);
      break;
    case 2:
      multiply_panel<2>(count, in, rows, weights, products, stride);
      break;
    default:
      multiply_panel<1>(count, in, rows, weights, products, stride);
  }
}

// Aᵀ m A of each tile and vector of channels, plus bias and what is to be added.
template <bool kAdd, class T>
void finish_tiles(const WinogradShape& shape, Tiles tiles, const float* products, std::int64_t plane, const float* bias,
                  const T* added, T* result) {
  const std::int64_t channels = shape.out, line = shape.width * channels;
  for (std::int64_t tile = 0; tile < tiles.count; ++tile) {
    const TilePlace place(shape, tiles.first + tile);
    const std::int64_t corner = (place.picture * shape.height + 2 * place.row) * line + 2 * place.column * channels;
    const float* in = products + tile * channels;
    for (std::int64_t c = 0; c < channels; c += VecN::kWidth) {
      VecN rows[2][4];
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        const float* p = in + j * plane + c;
        const VecN m0 = VecN::load(p), m1 = VecN::load(p + 4 * plane), m2 = VecN::load(p + 8 * plane),
                   m3 = VecN::load(p + 12 * plane);
        rows[0][j] = m0 + (m1 + m2);
        rows[1][j] = (m1 - m2) - m3;
      }
      const VecN offset = VecN::load(bias + c);
#pragma GCC unroll 2
      for (int i = 0; i < 2; ++i) {
        const std::int64_t at = corner + i * line + c;
        VecN left = offset + (rows[i][0] + (rows[i][1] + rows[i][2]));
        VecN right = offset + ((rows[i][1] - rows[i][2]) - rows[i][3]);
        if constexpr (kAdd) {
          left = left + VecN::load(added + at);
          right = right + VecN::load(added + at + channels);
        }
        left.store(result + at);
        right.store(result + at + channels);
      }
    }
  }
}

template <class T>
void finish(const WinogradShape& shape, Tiles tiles, const float* products, std::int64_t plane, const float* bias, const T* added,
            T* result) {
  added ? finish_tiles<true>(shape, tiles, products, plane, bias, added, result)
        : finish_tiles<false>(shape, tiles, products, plane, bias, added, result);
}

template <class T>
constexpr winograd_table::Steps<T> kSteps = {VecN::kWidth, kMostVectors, sizeof(T) == 2 ? 2 : 1, transform<T>, multiply<T>,
                                             finish<T>,    nullptr};

}  // namespace
}  // namespace kiln
