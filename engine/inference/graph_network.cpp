#include "engine/inference/graph_network.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <variant>
#include <vector>

#include "engine/network/blocks/tiling.h"
#include "engine/network/kernels/attention.h"

namespace kiln {
namespace {

at::Tensor activated(const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::kNone:
      break;
    case Activation::kSilu:
      return at::silu(x);
    case Activation::kGelu:
      return at::gelu(x);
    case Activation::kRelu:
      return at::relu(x);
  }
  return x;
}

// One evaluation.
struct Evaluation {
  at::Tensor x;                    // in the type of the large operations
  at::Tensor modulation;           // [B, M], likewise
  std::vector<at::Tensor> values;  // of the operations, as long as they are to be read

  const at::Tensor& value(int index) const { return values[static_cast<std::size_t>(index)]; }

  // C numbers of the modulation: [B, C, 1, 1].
  at::Tensor numbers(std::int64_t first, std::int64_t channels) const {
    return modulation.narrow(1, first, channels).unsqueeze(-1).unsqueeze(-1);
  }

  at::Tensor operator()(const GraphInput& op) const { return op.scale == 1 && op.shift == 0 ? x : x * op.scale + op.shift; }

  at::Tensor operator()(const GraphConvolution& op) const {
    const at::Tensor& in = value(op.x);
    const std::int64_t kernel = op.weight.size(2), stride = op.stride;
    const std::int64_t end = (in.size(3) / stride - 1) * stride + kernel - in.size(3) - op.padding;
    const bool pads_itself = op.padding == kernel / 2 && !current_tiling().any();
    const at::Tensor y =
        pads_itself ? at::conv2d(in, op.weight, op.bias, stride, op.padding)
                    : at::conv2d(padded_for_tiling(in, op.padding, std::max<std::int64_t>(0, end)), op.weight, op.bias, stride);
    return op.added == kNoValue ? y : y + value(op.added);
  }

  at::Tensor operator()(const GraphNorm& op) const {
    at::Tensor y = value(op.x);
    const std::int64_t channels = y.size(1);
    if (op.moved >= 0) y = y + numbers(op.moved, channels);
    if (op.groups > 0) y = at::group_norm(y, op.groups, op.weight, op.bias, op.eps);
    if (op.scale_shift >= 0) y = y * (1 + numbers(op.scale_shift, channels)) + numbers(op.scale_shift + channels, channels);
    if (op.before != kNoValue) y = y + value(op.before);
    y = activated(y, op.activation);
    if (op.after != kNoValue) y = y + value(op.after);
    if (op.scale != 1) y = y * op.scale;
    if (op.factors >= 0) y = y * numbers(op.factors, channels);
    return op.offsets < 0 ? y : y + numbers(op.offsets, channels);
  }

  at::Tensor operator()(const GraphAttention& op) const { return self_attention(value(op.qkv), op.heads); }

  at::Tensor operator()(const GraphPool& op) const {
    return op.largest ? at::max_pool2d(value(op.x), op.side) : at::avg_pool2d(value(op.x), op.side);
  }

  at::Tensor operator()(const GraphConcat& op) const {
    std::vector<at::Tensor> parts;
    parts.reserve(op.parts.size());
    for (const auto& part : op.parts) {
      const at::Tensor& in = value(part.x);
      parts.push_back(part.zoom == 1 ? in : at::upsample_nearest2d(in, {in.size(2) * part.zoom, in.size(3) * part.zoom}));
    }
    return parts.size() == 1 ? parts.front() : at::cat(parts, 1);
  }

  at::Tensor operator()(const GraphUnfold& op) const {
    const at::Tensor& in = value(op.x);
    const std::int64_t side = op.side, channels = in.size(1) / (side * side), height = in.size(2), width = in.size(3);
    return in.reshape({in.size(0), side, side, channels, height, width})
        .permute({0, 3, 4, 1, 5, 2})
        .reshape({in.size(0), channels, height * side, width * side});
  }
};

class GraphNetwork : public Network {
 public:
  GraphNetwork(std::shared_ptr<Network> network, at::ScalarType type)
      : Network("GraphNetwork"), network_(std::move(network)), graph_(network_->graph()) {
    set_compute_type(type);
    for (auto& operation : graph_.operations) {
      if (auto* const conv = std::get_if<GraphConvolution>(&operation)) {
        conv->weight = conv->weight.to(type).contiguous(at::MemoryFormat::ChannelsLast);
        conv->bias = conv->bias.to(type);
      } else if (auto* const norm = std::get_if<GraphNorm>(&operation); norm && norm->groups > 0) {
        norm->weight = norm->weight.to(type);
        norm->bias = norm->bias.to(type);
      }
    }
    last_reader_.resize(graph_.operations.size());
    for (std::size_t i = 0; i < graph_.operations.size(); ++i) {
      for (const int read : values_read(graph_.operations[i])) last_reader_[static_cast<std::size_t>(read)] = i;
    }
    if (graph_.modulation_weights.empty()) return;
    graph_.modulation_weights = {at::cat(graph_.modulation_weights)};
    graph_.modulation_biases = {at::cat(graph_.modulation_biases)};
  }

  at::Tensor embedding(const at::Tensor& t, const at::Tensor& condition) override { return network_->embedding(t, condition); }
  NetworkGraph graph() const override { return graph_; }

  at::Tensor forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) override {
    at::Tensor modulation = embedding(t, condition);
    if (!graph_.modulation_weights.empty())
      modulation = at::linear(modulation, graph_.modulation_weights.front(), graph_.modulation_biases.front());
    modulation = activated(modulation, graph_.modulation_activation).to(compute_type());
    const at::Tensor in = x.to(compute_type()).contiguous(at::MemoryFormat::ChannelsLast);
    Evaluation evaluation{in, modulation, std::vector<at::Tensor>(graph_.operations.size())};
    for (std::size_t i = 0; i < graph_.operations.size(); ++i) {
      evaluation.values[i] = std::visit(evaluation, graph_.operations[i]);
      for (const int read : values_read(graph_.operations[i])) {
        if (last_reader_[static_cast<std::size_t>(read)] == i) evaluation.values[static_cast<std::size_t>(read)].reset();
      }
    }
    return evaluation.values.back().to(at::kFloat);
  }

 private:
  std::shared_ptr<Network> network_;
  NetworkGraph graph_;
  std::vector<std::size_t> last_reader_;  // of each value
};

}  // namespace

std::shared_ptr<Network> make_graph_network(std::shared_ptr<Network> network, at::ScalarType type) {
  return std::make_shared<GraphNetwork>(std::move(network), type);
}

}  // namespace kiln
