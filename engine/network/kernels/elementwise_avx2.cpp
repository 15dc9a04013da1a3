#include "engine/network/kernels/elementwise_table.h"

#if defined(__AVX2__) && defined(__FMA__)
#include "engine/network/kernels/elementwise_body.h"

kiln::elementwise_table::Pair kiln::elementwise_table::avx2() { return {&kKernels<float>, &kKernels<Bf16>}; }
#else
kiln::elementwise_table::Pair kiln::elementwise_table::avx2() { return {nullptr, nullptr}; }
#endif
