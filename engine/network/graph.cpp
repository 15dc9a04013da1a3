#include "engine/network/graph.h"

#include <algorithm>

#include "engine/network/blocks/layers.h"
#include "engine/network/blocks/named_layers.h"

namespace kiln {
namespace {

struct Read {
  std::vector<int> values;

  void add(int value) {
    if (value != kNoValue) values.push_back(value);
  }

  void operator()(const GraphInput&) {}
  void operator()(const GraphConvolution& op) {
    add(op.x);
    add(op.added);
  }
  void operator()(const GraphNorm& op) {
    add(op.x);
    add(op.before);
    add(op.after);
  }
  void operator()(const GraphAttention& op) { add(op.qkv); }
  void operator()(const GraphPool& op) { add(op.x); }
  void operator()(const GraphConcat& op) {
    for (const auto& part : op.parts) add(part.x);
  }
  void operator()(const GraphUnfold& op) { add(op.x); }
};

}  // namespace

int NetworkGraph::add(GraphOperation operation) {
  operations.push_back(std::move(operation));
  return static_cast<int>(operations.size()) - 1;
}

int NetworkGraph::convolve(const ConvImpl& conv, int x, int added) {
  return add(GraphConvolution{x, conv.weight.detach(), conv.bias.detach(), conv.stride, conv.padding, added});
}

int NetworkGraph::normalise(const GroupNormImpl& norm, GraphNorm more) {
  more.groups = norm.groups;
  more.eps = norm.eps;
  more.weight = norm.weight.detach();
  more.bias = norm.bias.detach();
  return add(std::move(more));
}

std::int64_t NetworkGraph::modulate(const DenseImpl& dense) {
  const std::int64_t first = modulation_size;
  modulation_weights.push_back(dense.weight.detach());
  modulation_biases.push_back(dense.bias.detach());
  modulation_size += dense.weight.size(0);
  return first;
}

std::vector<int> values_read(const GraphOperation& operation) {
  Read read;
  std::visit(read, operation);
  return read.values;
}

bool reads_modulation(const GraphOperation& operation) {
  const auto* const norm = std::get_if<GraphNorm>(&operation);
  return norm != nullptr && std::max({norm->moved, norm->scale_shift, norm->factors, norm->offsets}) != kNoModulation;
}

}  // namespace kiln
