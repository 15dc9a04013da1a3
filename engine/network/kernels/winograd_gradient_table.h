#pragma once

#include "engine/network/kernels/winograd_table.h"

// The steps of the weights' gradient for each instruction set that this build has; null where there are none.
namespace kiln::winograd_gradient_table {

using winograd_table::Tiles;

// Channels come in vectors of kVector, and a plane holds [channels / kVector][tiles / 2][kVector][2]: two tiles side by side are
// multiplied at once. An odd last tile has zeros beside it. There are 4 × 4 planes; the steps make those of one row of them.
constexpr std::int64_t kVector = 16;
constexpr int kPlanesInRow = 4;

struct Steps {
  // Of Bᵀ d B. x: [pictures, height, width, in]; zeros: [in], what lies around a picture. Planes are `plane` numbers apart.
  void (*transform_x)(const WinogradShape& shape, Tiles tiles, int row, const Bf16* x, const Bf16* zeros, Bf16* planes,
                      std::int64_t plane);
  // Of A dy Aᵀ. dy: [pictures, height, width, out]. bias: [out], to which row 1 adds Σ dy.
  void (*transform_dy)(const WinogradShape& shape, Tiles tiles, int row, const Bf16* dy, Bf16* planes, std::int64_t plane,
                       float* bias);
  // products[out][in] of one plane = dyᵀ · x over pairs of tiles, or += with `add`.
  void (*multiply)(const WinogradShape& shape, std::int64_t pairs, const Bf16* dy, const Bf16* x, bool add, float* products);
  // Gᵀ m G of each pair of channels. products: 16 planes [out][in], `plane` numbers apart; weights: [out, 3, 3, in].
  void (*finish)(const WinogradShape& shape, const float* products, std::int64_t plane, float* weights);
};

// Data, so that none of an instruction set's own code is needed to look for it.
extern const Steps* const kAvx512Bf16;

}  // namespace kiln::winograd_gradient_table
