#include "engine/network/kernels/attention_table.h"

#if defined(__AVX512F__) && defined(__AVX512BW__)
#include "engine/network/kernels/attention_body.h"

constinit const kiln::attention_table::Pair kiln::attention_table::kAvx512 = {head<float>, head<Bf16>, head_backward<float>,
                                                                              head_backward<Bf16>};
#else
constinit const kiln::attention_table::Pair kiln::attention_table::kAvx512 = {};
#endif
