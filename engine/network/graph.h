#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <variant>
#include <vector>

#include "engine/network/activation.h"

// A network's evaluation as a list of operations, from which faster ways to compute it are made (inference/cpu_plan.h). Its values
// are maps of one sprite, [C, H, W]; a value is known by the number of the operation that makes it. What time and condition come
// down to are the M numbers of the modulation, which operations refer to by where theirs begin.
namespace kiln {

class ConvImpl;
class DenseImpl;
class GroupNormImpl;

constexpr int kNoValue = -1;
constexpr std::int64_t kNoModulation = -1;

// x_t times scale plus shift.
struct GraphInput {
  float scale = 1, shift = 0;
};

// Square, with as much padding after the last pixel as the result of 1/stride of the size needs.
struct GraphConvolution {
  int x;
  at::Tensor weight, bias;      // [out, in, k, k], [out]
  int stride = 1, padding = 0;  // padding: before the first pixel
  int added = kNoValue;         // added to the result
};

// A normalisation and what follows it: (f(GroupNorm(x + moved)·(1 + scales) + shifts + before) + after)·scale·factors + offsets
struct GraphNorm {
  int x;
  int groups = 0;  // of GroupNorm; 0: there is none
  double eps = 0;
  at::Tensor weight = {}, bias = {};  // GroupNorm's, [C]
  Activation activation = Activation::kNone;
  int before = kNoValue, after = kNoValue;
  float scale = 1;
  // Of the modulation:
  std::int64_t moved = kNoModulation;        // C numbers; with a GroupNorm only
  std::int64_t scale_shift = kNoModulation;  // 2·C, scales first; with a GroupNorm only
  std::int64_t factors = kNoModulation;      // C
  std::int64_t offsets = kNoModulation;      // C
};

// Self-attention of queries, keys and values, C channels each, one after the other: C channels.
struct GraphAttention {
  int qkv;
  int heads;
};

// The largest or the mean value of each square.
struct GraphPool {
  int x;
  int side;
  bool largest;
};

// The channels of all parts one after the other, each part enlarged so many times (nearest neighbour).
struct GraphConcat {
  struct Part {
    int x;
    int zoom = 1;
  };
  std::vector<Part> parts;
};

// Each pixel's side·side·C channels become a square of pixels with C channels, row by row.
struct GraphUnfold {
  int x;
  int side;
};

using GraphOperation = std::variant<GraphInput, GraphConvolution, GraphNorm, GraphAttention, GraphPool, GraphConcat, GraphUnfold>;

struct NetworkGraph {
  std::vector<GraphOperation> operations;  // each reads those before it; the last, a convolution, makes the network's output

  // modulation = f(weight · embedding + bias), embedding as Network::embedding gives it: [M, E], [M], all Dense one below the
  // other. Empty: the embedding is the modulation.
  std::vector<at::Tensor> modulation_weights, modulation_biases;
  Activation modulation_activation = Activation::kNone;
  std::int64_t modulation_size = 0;  // M; of an embedding that is the modulation, set by hand

  int add(GraphOperation operation);
  int convolve(const ConvImpl& conv, int x, int added = kNoValue);
  int normalise(const GroupNormImpl& norm, GraphNorm more);  // more.x and what else differs from a plain GroupNorm
  std::int64_t modulate(const DenseImpl& dense);             // where its numbers begin
};

// Values that the operation reads, and whether it reads the modulation.
std::vector<int> values_read(const GraphOperation& operation);
bool reads_modulation(const GraphOperation& operation);

}  // namespace kiln
