#include "engine/network/kernels/winograd_table.h"

#if defined(__AVX2__) && defined(__FMA__)
#include "engine/network/kernels/winograd_body.h"

kiln::winograd_table::Pair kiln::winograd_table::avx2() { return {&kSteps<float>, nullptr}; }
#else
kiln::winograd_table::Pair kiln::winograd_table::avx2() { return {nullptr, nullptr}; }
#endif
