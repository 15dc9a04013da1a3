#include "engine/network/kernels/attention_body.h"
#include "engine/network/kernels/attention_table.h"

kiln::attention_table::Pair kiln::attention_table::scalar() {
  return {head<float>, head<Bf16>, head_backward<float>, head_backward<Bf16>};
}
