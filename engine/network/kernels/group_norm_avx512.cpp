#include "engine/network/kernels/group_norm_table.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#include "engine/network/kernels/group_norm_body.h"

kiln::group_norm_table::Pair kiln::group_norm_table::avx512() { return {&kKernels<float>, &kKernels<Bf16>}; }
#else
kiln::group_norm_table::Pair kiln::group_norm_table::avx512() { return {nullptr, nullptr}; }
#endif
