#include "engine/network/kernels/group_norm_table.h"

#if defined(__AVX512BF16__)
#include "engine/network/kernels/group_norm_body.h"

constinit const kiln::group_norm_table::Pair kiln::group_norm_table::kAvx512Bf16 = {&kKernels<float>, &kKernels<Bf16>};
#else
constinit const kiln::group_norm_table::Pair kiln::group_norm_table::kAvx512Bf16 = {nullptr, nullptr};
#endif
