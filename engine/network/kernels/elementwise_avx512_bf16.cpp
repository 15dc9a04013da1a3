#include "engine/network/kernels/elementwise_table.h"

#if defined(__AVX512BF16__)
#include "engine/network/kernels/elementwise_body.h"

kiln::elementwise_table::Pair kiln::elementwise_table::avx512_bf16() { return {&kKernels<float>, &kKernels<Bf16>}; }
#else
kiln::elementwise_table::Pair kiln::elementwise_table::avx512_bf16() { return {nullptr, nullptr}; }
#endif
