#include "engine/network/kernels/group_norm_body.h"
#include "engine/network/kernels/group_norm_table.h"

kiln::group_norm_table::Pair kiln::group_norm_table::scalar() { return {&kKernels<float>, &kKernels<Bf16>}; }
