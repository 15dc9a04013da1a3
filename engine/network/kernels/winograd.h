#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/network/kernels/group_norm_kernels.h"

namespace kiln {

struct WinogradShape {
  std::int64_t height, width, in, out;  // in, out: channels
};

// 3×3 convolutions, stride 1, padding 1, as F(2×2, 3×3) (Winograd 1980; Lavin & Gray 2016): 4 multiplications a pixel and pair of
// channels in place of 9. Sums are fp32; in bf16 the transformed pictures and weights are rounded once each, which costs about 1.7
// times the error of a direct bf16 convolution. One thread; a picture's result does not depend on the others beside it.
template <class T>
class WinogradConvolution {
 public:
  // False where the instruction set or the sizes have no kernel: odd sides, channels that fill no vector, bf16 without AVX512-BF16.
  static bool has_kernel(Isa isa, const WinogradShape& shape);

  // weights: [out, in, 3, 3]; bias: [out]. Both are copied.
  WinogradConvolution(Isa isa, const WinogradShape& shape, const float* weights, const float* bias);

  std::size_t scratch_bytes(int pictures) const;

  // bordered: [pictures, height + 2, width + 2, in], zero around each picture. added: [pictures, height, width, out], added to the
  // result, or null; may be the result's memory. result: likewise. scratch: scratch_bytes, on a cache line.
  void run(const T* bordered, const T* added, T* result, int pictures, std::byte* scratch) const;

 private:
  std::int64_t tiles_at_once(int pictures) const;

  Isa isa_;
  WinogradShape shape_;
  std::vector<std::byte> memory_;
  const T* weights_;  // in memory_, on a cache line
  std::vector<float> bias_;
};

}  // namespace kiln
