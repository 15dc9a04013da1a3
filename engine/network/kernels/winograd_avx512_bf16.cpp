#include "engine/network/kernels/winograd_table.h"

#if defined(__AVX512BF16__)
#include "engine/network/kernels/winograd_body.h"

kiln::winograd_table::Pair kiln::winograd_table::avx512_bf16() { return {&kSteps<float>, &kSteps<Bf16>}; }
#else
kiln::winograd_table::Pair kiln::winograd_table::avx512_bf16() { return {nullptr, nullptr}; }
#endif
