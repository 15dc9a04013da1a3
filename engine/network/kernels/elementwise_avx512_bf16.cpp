#include "engine/network/kernels/elementwise_table.h"

#if defined(__AVX512BF16__)
#include "engine/network/kernels/elementwise_body.h"

constinit const kiln::elementwise_table::Pair kiln::elementwise_table::kAvx512Bf16 = {&kKernels<float>, &kKernels<Bf16>};
#else
constinit const kiln::elementwise_table::Pair kiln::elementwise_table::kAvx512Bf16 = {nullptr, nullptr};
#endif
