#include "engine/network/kernels/elementwise_body.h"
#include "engine/network/kernels/elementwise_table.h"

kiln::elementwise_table::Pair kiln::elementwise_table::scalar() { return {&kKernels<float>, &kKernels<Bf16>}; }
