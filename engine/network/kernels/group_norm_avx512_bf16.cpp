#include "engine/network/kernels/group_norm_table.h"

#if defined(__AVX512BF16__)
#include "engine/network/kernels/group_norm_body.h"

kiln::group_norm_table::Pair kiln::group_norm_table::avx512_bf16() { return {&kKernels<float>, &kKernels<Bf16>}; }
#else
kiln::group_norm_table::Pair kiln::group_norm_table::avx512_bf16() { return {nullptr, nullptr}; }
#endif
