#include "engine/network/kernels/group_norm_body.h"
#include "engine/network/kernels/group_norm_table.h"

constinit const kiln::group_norm_table::Pair kiln::group_norm_table::kScalar = {&kKernels<float>, &kKernels<Bf16>};
