#pragma once

#include "engine/network/kernels/elementwise_kernels.h"

// The kernels of each instruction set that this build has; null where the compiler cannot make them.
namespace kiln::elementwise_table {

struct Pair {
  const ElementwiseKernels<float>* f32;
  const ElementwiseKernels<Bf16>* bf16;
};

Pair scalar();
Pair avx2();
Pair avx512();
Pair avx512_bf16();

}  // namespace kiln::elementwise_table
