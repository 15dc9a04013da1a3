#include "engine/network/kernels/elementwise_table.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#include "engine/network/kernels/elementwise_body.h"

constinit const kiln::elementwise_table::Pair kiln::elementwise_table::kAvx512 = {&kKernels<float>, &kKernels<Bf16>};
#else
constinit const kiln::elementwise_table::Pair kiln::elementwise_table::kAvx512 = {nullptr, nullptr};
#endif
