// One attention head over the vectors of vec.h; included once by the file of each instruction set.
#pragma once

#include "engine/network/kernels/attention_table.h"
#include "engine/network/kernels/vec.h"

namespace kiln {
namespace {

constexpr int kQueries = 4;  // rows of scores at a time

constexpr std::int64_t whole_vectors(std::int64_t n) { return (n + VecN::kWidth - 1) / VecN::kWidth * VecN::kWidth; }

// result[i][·] = Σ_k left[i][k] · right[k][·] for kQueries rows i and K vectors of columns.
template <int K>
void multiply_block(const float* left, std::int64_t left_stride, const float* right, std::int64_t right_stride, std::int64_t depth,
                    float* result, std::int64_t result_stride) {
  VecN sum[kQueries][K];
#pragma GCC unroll 4
  for (int i = 0; i < kQueries; ++i) {
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) sum[i][k] = VecN::set(0.0f);
  }
  for (std::int64_t d = 0; d < depth; ++d, right += right_stride) {
    VecN column[K];
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) column[k] = VecN::load(right + k * VecN::kWidth);
#pragma GCC unroll 4
    for (int i = 0; i < kQueries; ++i) {
      const VecN factor = VecN::set(left[i * left_stride + d]);
#pragma GCC unroll 4
      for (int k = 0; k < K; ++k) sum[i][k] = fma(factor, column[k], sum[i][k]);
    }
  }
#pragma GCC unroll 4
  for (int i = 0; i < kQueries; ++i) {
#pragma GCC unroll 4
    for (int k = 0; k < K; ++k) sum[i][k].store(result + i * result_stride + k * VecN::kWidth);
  }
}

// columns: a whole number of vectors.
void multiply(const float* left, std::int64_t left_stride, const float* right, std::int64_t depth, std::int64_t columns,
              float* result) {
  constexpr int kBlock = VecN::kWidth == 16 ? 4 : 2;  // accumulators that fit the registers
  std::int64_t c = 0;
  for (; c + kBlock * VecN::kWidth <= columns; c += kBlock * VecN::kWidth) {
    multiply_block<kBlock>(left, left_stride, right + c, columns, depth, result + c, columns);
  }
  for (; c + 2 * VecN::kWidth <= columns; c += 2 * VecN::kWidth) {
    multiply_block<2>(left, left_stride, right + c, columns, depth, result + c, columns);
  }
  for (; c < columns; c += VecN::kWidth) multiply_block<1>(left, left_stride, right + c, columns, depth, result + c, columns);
}

// Softmax numerators of one row in place; returns 1 / their sum. Entries from `count` on become e^-80, which no sum notices.
float softmax_row(float* row, std::int64_t count, std::int64_t padded) {
  float largest = row[0];
  float lanes[VecN::kWidth];
  std::int64_t whole = 0;
  if (count >= VecN::kWidth) {
    VecN most = VecN::load(row);
    for (; whole + VecN::kWidth <= count; whole += VecN::kWidth) most = larger(most, VecN::load(row + whole));
    most.store(lanes);
    for (const float lane : lanes) largest = lane > largest ? lane : largest;
  }
  for (std::int64_t i = whole; i < count; ++i) largest = row[i] > largest ? row[i] : largest;
  VecN total = VecN::set(0.0f);
  for (std::int64_t i = count; i < padded; ++i) row[i] = largest - 80.0f;
  for (std::int64_t i = 0; i < padded; i += VecN::kWidth) {
    const VecN e = exponential(VecN::load(row + i) - VecN::set(largest));
    e.store(row + i);
    total = total + e;
  }
  total.store(lanes);
  float sum = 0.0f;
  for (const float lane : lanes) sum += lane;
  return 1.0f / sum;
}

template <class T>
void widen_row(const T* in, std::int64_t count, float scale, float* out) {
  std::int64_t c = 0;
  for (; c + VecN::kWidth <= count; c += VecN::kWidth) (VecN::load(in + c) * VecN::set(scale)).store(out + c);
  for (; c < count; ++c) (Vec1::load(in + c) * Vec1::set(scale)).store(out + c);
}

template <class T>
void narrow_row(const float* in, std::int64_t count, float scale, T* out) {
  std::int64_t c = 0;
  for (; c + VecN::kWidth <= count; c += VecN::kWidth) (VecN::load(in + c) * VecN::set(scale)).store(out + c);
  for (; c < count; ++c) (Vec1::load(in + c) * Vec1::set(scale)).store(out + c);
}

// Asks for all rows beforehand: they lie too far apart for the processor to foresee the next.
template <class T>
void fetch(Rows<const T> rows, std::int64_t tokens, std::int64_t head_channels) {
  constexpr std::int64_t kLine = 64 / static_cast<std::int64_t>(sizeof(T));
  for (std::int64_t t = 0; t < tokens; ++t) {
    for (std::int64_t c = 0; c < head_channels; c += kLine) __builtin_prefetch(rows.data + t * rows.stride + c);
  }
}

template <class T>
void head(Rows<const T> q, Rows<const T> k, Rows<const T> v, Rows<T> out, std::int64_t tokens, std::int64_t head_channels,
          float scale, float* scratch) {
  const std::int64_t keys = whole_vectors(tokens), columns = whole_vectors(head_channels);
  float* keys_turned = scratch;                        // [head_channels, keys]
  float* values = keys_turned + head_channels * keys;  // [tokens, columns]
  float* queries = values + tokens * columns;          // [kQueries, columns]
  float* scores = queries + kQueries * columns;        // [kQueries, keys]
  float* mixed = scores + kQueries * keys;             // [kQueries, columns]
  fetch(k, tokens, head_channels);
  fetch(v, tokens, head_channels);
  fetch(q, tokens, head_channels);

  for (std::int64_t i = 0; i < columns; ++i) mixed[i] = 0.0f;
  for (std::int64_t t = 0; t < tokens; ++t) {
    widen_row(k.data + t * k.stride, head_channels, 1.0f, mixed);
    for (std::int64_t c = 0; c < head_channels; ++c) keys_turned[c * keys + t] = mixed[c];
    widen_row(v.data + t * v.stride, head_channels, 1.0f, values + t * columns);
    for (std::int64_t c = head_channels; c < columns; ++c) values[t * columns + c] = 0.0f;
  }
  for (std::int64_t c = 0; c < head_channels; ++c) {
    for (std::int64_t t = tokens; t < keys; ++t) keys_turned[c * keys + t] = 0.0f;
  }
  for (std::int64_t first = 0; first < tokens; first += kQueries) {
    for (int i = 0; i < kQueries; ++i) {
      const std::int64_t t = first + i < tokens ? first + i : tokens - 1;
      widen_row(q.data + t * q.stride, head_channels, scale, queries + i * columns);
    }
    multiply(queries, columns, keys_turned, head_channels, keys, scores);
    float normalisers[kQueries];
    for (int i = 0; i < kQueries; ++i) normalisers[i] = softmax_row(scores + i * keys, tokens, keys);
    multiply(scores, keys, values, tokens, columns, mixed);
    for (int i = 0; i < kQueries && first + i < tokens; ++i) {
      narrow_row(mixed + i * columns, head_channels, normalisers[i], out.data + (first + i) * out.stride);
    }
  }
}

// sums[t][·] += Σ_i factors[i][t] · rows[i][·] over kQueries rows.
void add_products(const float* factors, std::int64_t factor_stride, const float* rows, std::int64_t tokens, std::int64_t columns,
                  float* sums) {
  for (std::int64_t c = 0; c < columns; c += VecN::kWidth) {
    VecN row[kQueries];
#pragma GCC unroll 4
    for (int i = 0; i < kQueries; ++i) row[i] = VecN::load(rows + i * columns + c);
    for (std::int64_t t = 0; t < tokens; ++t) {
      VecN sum = VecN::load(sums + t * columns + c);
#pragma GCC unroll 4
      for (int i = 0; i < kQueries; ++i) sum = fma(VecN::set(factors[i * factor_stride + t]), row[i], sum);
      sum.store(sums + t * columns + c);
    }
  }
}

// Widened rows [tokens, columns], padded with zeros, and the same turned, [head_channels, keys].
template <class T>
void widen(Rows<const T> in, std::int64_t tokens, std::int64_t head_channels, std::int64_t keys, std::int64_t columns, float* rows,
           float* turned) {
  for (std::int64_t i = 0; i < head_channels * keys; ++i) turned[i] = 0.0f;
  for (std::int64_t t = 0; t < tokens; ++t) {
    float* row = rows + t * columns;
    widen_row(in.data + t * in.stride, head_channels, 1.0f, row);
    for (std::int64_t c = head_channels; c < columns; ++c) row[c] = 0.0f;
    for (std::int64_t c = 0; c < head_channels; ++c) turned[c * keys + t] = row[c];
  }
}

// With P = softmax(S), S = scale · Q Kᵀ, O = P V: dV = Pᵀ dO; dS = P ∘ (dO Vᵀ - rowsum(P ∘ dO Vᵀ)); dQ = scale · dS K;
// dK = scale · dSᵀ Q.
template <class T>
void head_backward(Rows<const T> q, Rows<const T> k, Rows<const T> v, const attention_table::HeadGradients<T>& gradients,
                   std::int64_t tokens, std::int64_t head_channels, float scale, float* scratch) {
  const std::int64_t keys = whole_vectors(tokens), columns = whole_vectors(head_channels);
  float* key_rows = scratch;                               // [tokens, columns]
  float* keys_turned = key_rows + tokens * columns;        // [head_channels, keys]
  float* value_rows = keys_turned + head_channels * keys;  // [tokens, columns]
  float* values_turned = value_rows + tokens * columns;    // [head_channels, keys]
  float* dk = values_turned + head_channels * keys;        // [tokens, columns]
  float* dv = dk + tokens * columns;                       // [tokens, columns]
  float* queries = dv + tokens * columns;                  // [kQueries, columns]
  float* d_out = queries + kQueries * columns;             // [kQueries, columns]
  float* dq = d_out + kQueries * columns;                  // [kQueries, columns]
  float* p = dq + kQueries * columns;                      // [kQueries, keys]
  float* ds = p + kQueries * keys;                         // [kQueries, keys]
  fetch(k, tokens, head_channels);
  fetch(v, tokens, head_channels);
  fetch(q, tokens, head_channels);
  fetch(gradients.result_gradient, tokens, head_channels);
  widen(k, tokens, head_channels, keys, columns, key_rows, keys_turned);
  widen(v, tokens, head_channels, keys, columns, value_rows, values_turned);
  for (std::int64_t i = 0; i < tokens * columns; ++i) dk[i] = dv[i] = 0.0f;

  for (std::int64_t first = 0; first < tokens; first += kQueries) {
    const std::int64_t count = tokens - first < kQueries ? tokens - first : kQueries;
    for (std::int64_t i = 0; i < 2 * kQueries * columns; ++i) queries[i] = 0.0f;  // and d_out
    for (std::int64_t i = 0; i < count; ++i) {
      widen_row(q.data + (first + i) * q.stride, head_channels, scale, queries + i * columns);
      widen_row(gradients.result_gradient.data + (first + i) * gradients.result_gradient.stride, head_channels, 1.0f,
                d_out + i * columns);
    }
    multiply(queries, columns, keys_turned, head_channels, keys, p);
    multiply(d_out, columns, values_turned, head_channels, keys, ds);
    for (int i = 0; i < kQueries; ++i) {
      float* p_row = p + i * keys;
      float* ds_row = ds + i * keys;
      const float normaliser = softmax_row(p_row, tokens, keys);
      float mean = 0.0f;
      for (std::int64_t t = 0; t < tokens; ++t) {
        p_row[t] *= normaliser;
        mean += p_row[t] * ds_row[t];
      }
      for (std::int64_t t = 0; t < tokens; ++t) ds_row[t] = p_row[t] * (ds_row[t] - mean);
    }
    multiply(ds, keys, key_rows, tokens, columns, dq);
    add_products(ds, keys, queries, tokens, columns, dk);  // the scale is in the queries
    add_products(p, keys, d_out, tokens, columns, dv);
    for (std::int64_t i = 0; i < count; ++i) {
      narrow_row(dq + i * columns, head_channels, scale, gradients.q.data + (first + i) * gradients.q.stride);
    }
  }
  for (std::int64_t t = 0; t < tokens; ++t) {
    narrow_row(dk + t * columns, head_channels, 1.0f, gradients.k.data + t * gradients.k.stride);
    narrow_row(dv + t * columns, head_channels, 1.0f, gradients.v.data + t * gradients.v.stride);
  }
}

}  // namespace
}  // namespace kiln
