#include "engine/network/kernels/winograd_table.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#include "engine/network/kernels/winograd_body.h"

constinit const kiln::winograd_table::Pair kiln::winograd_table::kAvx512 = {&kSteps<float>, nullptr};
#else
constinit const kiln::winograd_table::Pair kiln::winograd_table::kAvx512 = {nullptr, nullptr};
#endif
