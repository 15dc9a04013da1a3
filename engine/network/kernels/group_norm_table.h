#pragma once

#include "engine/network/kernels/group_norm_kernels.h"

// The kernels of each instruction set that this build has; null where the compiler cannot make them.
namespace kiln::group_norm_table {

struct Pair {
  const GroupNormKernels<float>* f32;
  const GroupNormKernels<Bf16>* bf16;
};

Pair scalar();
Pair avx2();
Pair avx512();
Pair avx512_bf16();

}  // namespace kiln::group_norm_table
