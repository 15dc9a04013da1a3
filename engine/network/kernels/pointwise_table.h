#pragma once

#include "engine/network/kernels/pointwise_kernels.h"

// What 1×1 convolutions need beside the products that Winograd convolutions have too (winograd_table.h, winograd_gradient_table.h),
// for each instruction set that this build has; null where there is none.
namespace kiln::pointwise_table {

constexpr std::int64_t kVector = 16;  // channels come in multiples of it

struct Steps {
  // A panel of weights as winograd_table's `multiply` takes it: [sources / 2][columns][2], columns result channels. weights: rows
  // of `stride` numbers, a row for each result channel, or for each source channel if transposed.
  void (*pack)(const float* weights, std::int64_t stride, std::int64_t sources, std::int64_t columns, bool transposed,
               Bf16* packed);
  // result = products + bias + added, all [pixels, channels], but bias [channels]; added may be null.
  void (*finish)(const float* products, const float* bias, const Bf16* added, std::int64_t pixels, std::int64_t channels,
                 Bf16* result);
  // A plane as winograd_gradient_table's `multiply` takes it, of pixels in place of tiles. sums: [channels], to which the sums over
  // the pixels are added, or null.
  void (*pair)(const Bf16* rows, std::int64_t pixels, std::int64_t channels, Bf16* plane, float* sums);
};

// Data, so that none of an instruction set's own code is needed to look for it.
extern const Steps* const kAvx512Bf16;

}  // namespace kiln::pointwise_table
