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
// T: float or Bf16.

// False where the instruction set or the sizes have no kernel: odd sides, channels that fill no vector, bf16 without AVX512-BF16.
template <class T>
bool has_winograd(Isa isa, const WinogradShape& shape);

std::size_t winograd_weights(const WinogradShape& shape);  // how many numbers the packed weights are
template <class T>
std::size_t winograd_scratch_bytes(const WinogradShape& shape, int pictures);

// bordered: [pictures, height + 2, width + 2, in], zero around each picture. packed: on a cache line, as `scratch`. added:
// [pictures, height, width, out], added to the result, or null; may be the result's memory. result: likewise.
template <class T>
void winograd_run(Isa isa, const WinogradShape& shape, const T* packed, const float* bias, const T* bordered, const T* added,
                  T* result, int pictures, std::byte* scratch);

// Whether weights can be packed fast enough to do it at every training step, for the convolution and for its gradient.
bool has_winograd_packing(Isa isa, const WinogradShape& shape);
// weights: [out, 3, 3, in]. transposed: packs them for the convolution by which the gradient comes back, from `out` to `in`
// channels.
void winograd_pack(Isa isa, const WinogradShape& shape, const float* weights, bool transposed, Bf16* packed);

// With weights of its own.
template <class T>
class WinogradConvolution {
 public:
  // weights: [out, 3, 3, in]; bias: [out]. Both are copied.
  WinogradConvolution(Isa isa, const WinogradShape& shape, const float* weights, const float* bias);

  std::size_t scratch_bytes(int pictures) const { return winograd_scratch_bytes<T>(shape_, pictures); }

  void run(const T* bordered, const T* added, T* result, int pictures, std::byte* scratch) const {
    winograd_run<T>(isa_, shape_, weights_, bias_.data(), bordered, added, result, pictures, scratch);
  }

 private:
  Isa isa_;
  WinogradShape shape_;
  std::vector<std::byte> memory_;
  const T* weights_;  // in memory_
  std::vector<float> bias_;
};

}  // namespace kiln
