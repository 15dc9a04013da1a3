#include "engine/inference/modulation_table.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstring>

namespace kiln {
namespace {

constexpr int kMostRows = 256;  // of a piece: 3 MB for the default network

}  // namespace

ModulationTable::ModulationTable(std::shared_ptr<Network> network, const NetworkGraph& graph)
    : network_(std::move(network)), activation_(graph.modulation_activation), width_(graph.modulation_size) {
  if (graph.modulation_weights.empty()) return;
  const at::Tensor weight = at::cat(graph.modulation_weights).contiguous(), bias = at::cat(graph.modulation_biases).contiguous();
  product_.emplace(kernel_isa(), weight.size(1), weight.size(0), weight.data_ptr<float>(), bias.data_ptr<float>());
}

void ModulationTable::begin(std::vector<double> times, const at::Tensor& condition) {
  times_ = std::move(times);
  table_steps_ = 0;
  const at::Tensor rows = condition.to(at::kFloat).contiguous();
  const auto width = static_cast<std::size_t>(rows.size(1));
  const float* const data = rows.data_ptr<float>();
  std::vector<float> different(width, 0.0f);  // the null condition
  row_of_.clear();
  for (std::int64_t sprite = 0; sprite < rows.size(0); ++sprite) {
    const float* const row = data + static_cast<std::size_t>(sprite) * width;
    const std::size_t known = width ? different.size() / width : 1;
    std::size_t index = 0;
    while (index < known && !std::equal(row, row + width, different.data() + index * width)) ++index;
    if (index == known) different.insert(different.end(), row, row + width);
    row_of_.push_back(static_cast<int>(index));
  }
  const auto count = width ? static_cast<std::int64_t>(different.size() / width) : 1;
  conditions_ = at::empty({count, rows.size(1)});
  std::memcpy(conditions_.data_ptr<float>(), different.data(), different.size() * sizeof(float));
}

at::Tensor ModulationTable::rows(int step) {
  if (step < table_first_ || step >= table_first_ + table_steps_) compute(step);
  return table_.narrow(0, (step - table_first_) * conditions_.size(0), conditions_.size(0));
}

void ModulationTable::compute(int first_step) {
  const at::NoGradGuard no_grad;
  const std::int64_t conditions = conditions_.size(0);
  const int steps_left = static_cast<int>(times_.size()) - first_step;
  table_first_ = first_step;
  table_steps_ = std::clamp(static_cast<int>(kMostRows / conditions), 1, steps_left);
  const std::int64_t rows = table_steps_ * conditions;
  table_ = at::empty({rows, width_});
  // One row after another: LibTorch's own products round a row as its place among the others has it.
  std::vector<float> embeddings;
  for (std::int64_t i = 0; i < rows; ++i) {
    const at::Tensor t = at::full({1}, times_[static_cast<std::size_t>(first_step + i / conditions)], at::kFloat);
    const at::Tensor row = network_->embedding(t, conditions_.narrow(0, i % conditions, 1)).contiguous();
    embeddings.insert(embeddings.end(), row.data_ptr<float>(), row.data_ptr<float>() + row.numel());
  }
  if (product_) {
    product_->run(embeddings.data(), rows, table_.data_ptr<float>());
  } else {
    std::copy(embeddings.begin(), embeddings.end(), table_.data_ptr<float>());
  }
  if (activation_ == Activation::kSilu) at::silu_(table_);
}

}  // namespace kiln
