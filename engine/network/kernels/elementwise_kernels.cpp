#include "engine/network/kernels/elementwise_kernels.h"

#include "engine/network/kernels/elementwise_table.h"

namespace kiln {
namespace {

const elementwise_table::Pair& table_of(Isa isa) {
  using namespace elementwise_table;
  static const Pair* const kTables[] = {&kScalar, &kAvx2, &kAvx512, &kAvx512Bf16};
  int index = static_cast<int>(isa);
  while (kTables[index]->f32 == nullptr) --index;
  return *kTables[index];
}

}  // namespace

template <>
const ElementwiseKernels<float>& elementwise_kernels<float>(Isa isa) {
  return *table_of(isa).f32;
}

template <>
const ElementwiseKernels<Bf16>& elementwise_kernels<Bf16>(Isa isa) {
  return *table_of(isa).bf16;
}

}  // namespace kiln
