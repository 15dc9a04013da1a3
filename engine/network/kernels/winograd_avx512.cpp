#include "engine/network/kernels/winograd_table.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#include "engine/network/kernels/winograd_body.h"

kiln::winograd_table::Pair kiln::winograd_table::avx512() { return {&kSteps<float>, nullptr}; }
#else
kiln::winograd_table::Pair kiln::winograd_table::avx512() { return {nullptr, nullptr}; }
#endif
