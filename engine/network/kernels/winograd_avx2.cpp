#include "engine/network/kernels/winograd_table.h"

#if defined(__AVX2__) && defined(__FMA__)
#include "engine/network/kernels/winograd_body.h"

constinit const kiln::winograd_table::Pair kiln::winograd_table::kAvx2 = {&kSteps<float>, nullptr};
#else
constinit const kiln::winograd_table::Pair kiln::winograd_table::kAvx2 = {nullptr, nullptr};
#endif
