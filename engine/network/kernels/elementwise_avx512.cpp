#include "engine/network/kernels/elementwise_table.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#include "engine/network/kernels/elementwise_body.h"

kiln::elementwise_table::Pair kiln::elementwise_table::avx512() { return {&kKernels<float>, &kKernels<Bf16>}; }
#else
kiln::elementwise_table::Pair kiln::elementwise_table::avx512() { return {nullptr, nullptr}; }
#endif
