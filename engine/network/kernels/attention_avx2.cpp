#include "engine/network/kernels/attention_table.h"

#if defined(__AVX2__) && defined(__FMA__)
#include "engine/network/kernels/attention_body.h"

kiln::attention_table::Pair kiln::attention_table::avx2() {
  return {head<float>, head<Bf16>, head_backward<float>, head_backward<Bf16>};
}
#else
kiln::attention_table::Pair kiln::attention_table::avx2() { return {}; }
#endif
