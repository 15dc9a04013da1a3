#pragma once

#include <ATen/core/Tensor.h>

namespace kiln {

// What the sprites of a run are made from beside their noise. A tensor alone is the class weights.
struct Conditioning {
  at::Tensor condition;      // [B, K] fp32 class weights; an all-zero row is the null condition
  at::Tensor negative = {};  // [B, K], the other half of guidance; undefined: the null condition
  at::Tensor init = {};      // [1 or B, C, H, W] fp32 in [-1, 1], the image that the run starts from; undefined: none
  at::Tensor mask = {};      // [1 or B, 1, H, W] bool, where the image is made anew; undefined: everywhere

  Conditioning(at::Tensor weights);

  at::Tensor negative_half() const;  // [B, K]

  // Throws Failure(kInternal) for tensors that do not fit to each other and to noise `x` [B, C, H, W].
  void check(const at::Tensor& x) const;
};

}  // namespace kiln
