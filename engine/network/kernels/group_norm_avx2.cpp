#include "engine/network/kernels/group_norm_table.h"

#if defined(__AVX2__) && defined(__FMA__)
#include "engine/network/kernels/group_norm_body.h"

constinit const kiln::group_norm_table::Pair kiln::group_norm_table::kAvx2 = {&kKernels<float>, &kKernels<Bf16>};
#else
constinit const kiln::group_norm_table::Pair kiln::group_norm_table::kAvx2 = {nullptr, nullptr};
#endif
