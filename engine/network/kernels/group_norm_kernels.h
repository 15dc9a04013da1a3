#pragma once

#include <cstdint>

#include "engine/network/kernels/isa.h"

namespace kiln {

// A bfloat16 number: the upper half of a float.
struct Bf16 {
  std::uint16_t bits;
};

// One sample of a channels-last tensor: `pixels` rows of `channels` numbers, row starts `stride` numbers apart.
template <class T>
struct Rows {
  T* data;
  std::int64_t stride;
};

// GroupNorm (Wu & He 2018) of one sample, in the steps that forward and backward share. Single-threaded, no allocation; all sums
// are fp32 per channel around the channel's first value, so that a large mean costs no precision.
template <class T>
struct GroupNormKernels {
  // Per-channel sums over the pixels of d = x - x[0]: sum[c] = Σ d, squares[c] = Σ d².
  void (*sums)(Rows<const T> x, std::int64_t pixels, std::int64_t channels, float* sum, float* squares);

  // y = f(a[c] · x + b[c]) · factors[c], f = SiLU or identity. y may be x; factors may be null for ones.
  void (*apply)(Rows<const T> x, Rows<T> y, std::int64_t pixels, std::int64_t channels, const float* a, const float* b,
                const float* factors, bool silu);

  // dz = dy · factors[c] · f'(a[c] · x + b[c]) into dz (fp32, dense), and per channel sum[c] = Σ dz, product[c] = Σ dz · (x -
  // mean[c]).
  void (*backward_sums)(Rows<const T> x, Rows<const T> dy, std::int64_t pixels, std::int64_t channels, const float* a,
                        const float* b, const float* factors, const float* mean, bool silu, float* dz, float* sum, float* product);

  // dx = p[c] · dz + q[c] · x + r[c]; dz fp32, dense.
  void (*backward_apply)(Rows<const T> x, const float* dz, Rows<T> dx, std::int64_t pixels, std::int64_t channels, const float* p,
                         const float* q, const float* r);
};

template <class T>
const GroupNormKernels<T>& group_norm_kernels(Isa isa);
template <>
const GroupNormKernels<float>& group_norm_kernels<float>(Isa isa);
template <>
const GroupNormKernels<Bf16>& group_norm_kernels<Bf16>(Isa isa);

// Mean and 1/√(variance + eps) of each group, from what `sums` found; first: the sample's first row.
template <class T>
void group_statistics(const T* first, std::int64_t pixels, std::int64_t channels, std::int64_t groups, double eps, const float* sum,
                      const float* squares, float* mean, float* rstd);

// The affine map that normalises, per channel: a = rstd · weight · (1 + scale), b = (bias - mean · rstd · weight) · (1 + scale)
// + shift. scale_shift: [2·channels], scales first, or null.
void group_norm_affine(std::int64_t channels, std::int64_t groups, const float* mean, const float* rstd, const float* weight,
                       const float* bias, const float* scale_shift, float* a, float* b);

// All of the above for one sample. scratch: 4·channels floats; mean and rstd: [groups], written.
template <class T>
void group_norm_sample(Isa isa, Rows<const T> x, Rows<T> y, std::int64_t pixels, std::int64_t channels, std::int64_t groups,
                       double eps, const float* weight, const float* bias, const float* scale_shift, const float* factors,
                       bool silu, float* mean, float* rstd, float* scratch);

}  // namespace kiln
