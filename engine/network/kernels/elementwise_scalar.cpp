#include "engine/network/kernels/elementwise_body.h"
#include "engine/network/kernels/elementwise_table.h"

constinit const kiln::elementwise_table::Pair kiln::elementwise_table::kScalar = {&kKernels<float>, &kKernels<Bf16>};
