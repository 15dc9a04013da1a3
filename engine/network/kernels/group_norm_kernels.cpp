#include "engine/network/kernels/group_norm_kernels.h"

#include <cmath>

#include "engine/network/kernels/group_norm_table.h"

namespace kiln {
namespace {

const group_norm_table::Pair& table_of(Isa isa) {
  using namespace group_norm_table;
  static const Pair* const kTables[] = {&kScalar, &kAvx2, &kAvx512, &kAvx512Bf16};
  int index = static_cast<int>(isa);
  while (kTables[index]->f32 == nullptr) --index;
  return *kTables[index];
}

float value_of(float x) { return x; }
float value_of(Bf16 x) { return __builtin_bit_cast(float, static_cast<std::uint32_t>(x.bits) << 16); }

}  // namespace

template <>
const GroupNormKernels<float>& group_norm_kernels<float>(Isa isa) {
  return *table_of(isa).f32;
}

template <>
const GroupNormKernels<Bf16>& group_norm_kernels<Bf16>(Isa isa) {
  return *table_of(isa).bf16;
}

template <class T>
void group_statistics(const T* first, std::int64_t pixels, std::int64_t channels, std::int64_t groups, double eps, const float* sum,
                      const float* squares, float* mean, float* rstd) {
  const std::int64_t width = channels / groups;
  const double n = static_cast<double>(pixels);
  for (std::int64_t g = 0; g < groups; ++g) {
    double total = 0;
    for (std::int64_t c = g * width; c < (g + 1) * width; ++c) total += value_of(first[c]) + sum[c] / n;
    const double group_mean = total / static_cast<double>(width);
    // Σ (x - m)² of one channel = Σ d² - (Σ d)² / n + n (m_c - m)², m_c the channel's mean (Chan et al. 1979).
    double deviation = 0;
    for (std::int64_t c = g * width; c < (g + 1) * width; ++c) {
      const double s = sum[c];
      const double offset = value_of(first[c]) + s / n - group_mean;
      deviation += squares[c] - s * s / n + n * offset * offset;
    }
    const double variance = deviation / (n * static_cast<double>(width));
    mean[g] = static_cast<float>(group_mean);
    // Not std::max: a NaN must come through.
    rstd[g] = static_cast<float>(1.0 / std::sqrt((variance < 0 ? 0 : variance) + eps));
  }
}

void group_norm_affine(std::int64_t channels, std::int64_t groups, const float* mean, const float* rstd, const float* weight,
                       const float* bias, const float* scale_shift, float* a, float* b) {
  const std::int64_t width = channels / groups;
  for (std::int64_t g = 0; g < groups; ++g) {
    for (std::int64_t c = g * width; c < (g + 1) * width; ++c) {
      const float slope = rstd[g] * weight[c];
      const float offset = bias[c] - mean[g] * slope;
      const float scale = scale_shift ? 1.0f + scale_shift[c] : 1.0f;
      a[c] = slope * scale;
      b[c] = offset * scale + (scale_shift ? scale_shift[channels + c] : 0.0f);
    }
  }
}

template <class T>
void group_norm_sample(Isa isa, Rows<const T> x, Rows<T> y, std::int64_t pixels, std::int64_t channels, std::int64_t groups,
                       double eps, const float* weight, const float* bias, const float* scale_shift, const float* factors,
                       bool silu, float* mean, float* rstd, float* scratch) {
  const GroupNormKernels<T>& kernels = group_norm_kernels<T>(isa);
  float* sum = scratch;
  float* squares = scratch + channels;
  float* a = scratch + 2 * channels;
  float* b = scratch + 3 * channels;
  kernels.sums(x, pixels, channels, sum, squares);
  group_statistics(x.data, pixels, channels, groups, eps, sum, squares, mean, rstd);
  group_norm_affine(channels, groups, mean, rstd, weight, bias, scale_shift, a, b);
  kernels.apply(x, y, pixels, channels, a, b, factors, silu);
}

template void group_statistics(const float*, std::int64_t, std::int64_t, std::int64_t, double, const float*, const float*, float*,
                               float*);
template void group_statistics(const Bf16*, std::int64_t, std::int64_t, std::int64_t, double, const float*, const float*, float*,
                               float*);
template void group_norm_sample(Isa, Rows<const float>, Rows<float>, std::int64_t, std::int64_t, std::int64_t, double, const float*,
                                const float*, const float*, const float*, bool, float*, float*, float*);
template void group_norm_sample(Isa, Rows<const Bf16>, Rows<Bf16>, std::int64_t, std::int64_t, std::int64_t, double, const float*,
                                const float*, const float*, const float*, bool, float*, float*, float*);

}  // namespace kiln
