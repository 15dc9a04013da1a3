#pragma once

#include "engine/network/kernels/group_norm_kernels.h"

// The kernels of each instruction set that this build has; null where the compiler cannot make them.
namespace kiln::group_norm_table {

struct Pair {
  const GroupNormKernels<float>* f32;
  const GroupNormKernels<Bf16>* bf16;
};

// Data, so that none of an instruction set's own code is needed to look for it.
extern const Pair kScalar;
extern const Pair kAvx2;
extern const Pair kAvx512;
extern const Pair kAvx512Bf16;

}  // namespace kiln::group_norm_table
