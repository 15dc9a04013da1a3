#include "engine/network/kernels/elementwise_table.h"

#if defined(__AVX2__) && defined(__FMA__)
#include "engine/network/kernels/elementwise_body.h"

constinit const kiln::elementwise_table::Pair kiln::elementwise_table::kAvx2 = {&kKernels<float>, &kKernels<Bf16>};
#else
constinit const kiln::elementwise_table::Pair kiln::elementwise_table::kAvx2 = {nullptr, nullptr};
#endif
