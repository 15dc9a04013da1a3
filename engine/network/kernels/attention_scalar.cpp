#include "engine/network/kernels/attention_body.h"
#include "engine/network/kernels/attention_table.h"

constinit const kiln::attention_table::Pair kiln::attention_table::kScalar = {head<float>, head<Bf16>, head_backward<float>,
                                                                              head_backward<Bf16>};
