#pragma once

#include "engine/network/kernels/winograd.h"

// The steps of a Winograd convolution for each instruction set that this build has; null where there are none.
namespace kiln::winograd_table {

// A tile is 2×2 pixels of the result; tiles count on from picture to picture. There are 16 planes, one for each pair of rows and
// columns of the transformed tile.
struct Tiles {
  std::int64_t first, count;
};

template <class T>
struct Steps {
  int vector;   // channels come in multiples of it
  int vectors;  // most of them in a panel of result channels
  int depth;    // source channels that are multiplied at once

  // planes[16][count][in], `plane` numbers apart.
  void (*transform)(const WinogradShape& shape, Tiles tiles, const T* bordered, T* planes, std::int64_t plane);
  // products[count][columns] of one plane = rows[count][in] · weights; result rows are `stride` apart.
  // weights: [in / depth][columns][depth], columns = vectors · vector at most.
  void (*multiply)(std::int64_t count, std::int64_t in, std::int64_t columns, const T* rows, const T* weights, float* products,
                   std::int64_t stride);
  void (*finish)(const WinogradShape& shape, Tiles tiles, const float* products, std::int64_t plane, const float* bias,
                 const T* added, T* result);

  // 16 × 16 channels of all planes at once, for weights that change all the time; null where there is none. weights: the first of
  // them in [·, 3, 3, ·], where the next row of 9 · `columns` numbers has the next channel. packed: where the first pair of source
  // channels of the first result channel goes; `panel` result channels lie beside each other, planes are `plane` numbers apart.
  // transposed: rows are source channels, columns result channels, and the kernels are turned by half a circle.
  void (*pack)(const float* weights, std::int64_t columns, bool transposed, std::int64_t panel, std::int64_t plane, T* packed);
};

struct Pair {
  const Steps<float>* f32;
  const Steps<Bf16>* bf16;
};

// Data, so that none of an instruction set's own code is needed to look for it.
extern const Pair kAvx2;
extern const Pair kAvx512;
extern const Pair kAvx512Bf16;

}  // namespace kiln::winograd_table
