#pragma once

#include <cstdint>
#include <vector>

#include "engine/network/kernels/isa.h"

namespace kiln {

// y = W x + b for many rows x, so that a row's result depends on nothing but the row: the same to the bit alone and among others,
// which libraries of matrix products do not promise. One thread.
class RowProduct {
 public:
  // weights: [out, in]; bias: [out]. Both are copied.
  RowProduct(Isa isa, std::int64_t in, std::int64_t out, const float* weights, const float* bias);

  // rows: [count, in]; result: [count, out].
  void run(const float* rows, std::int64_t count, float* result) const;

 private:
  void run_column(const float* rows, std::int64_t count, std::int64_t column, float* result) const;

  Isa isa_;
  std::int64_t in_, out_, panel_;
  std::vector<float> panels_;  // [out / panel][in][panel], then the columns that fill no panel, [in] each
  std::vector<float> bias_;
};

}  // namespace kiln
