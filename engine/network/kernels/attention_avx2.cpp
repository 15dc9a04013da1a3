#include "engine/network/kernels/attention_table.h"

#if defined(__AVX2__) && defined(__FMA__)
#include "engine/network/kernels/attention_body.h"

constinit const kiln::attention_table::Pair kiln::attention_table::kAvx2 = {head<float>, head<Bf16>, head_backward<float>,
                                                                            head_backward<Bf16>};
#else
constinit const kiln::attention_table::Pair kiln::attention_table::kAvx2 = {};
#endif
