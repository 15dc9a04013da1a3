#include "engine/inference/modulation_table.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cstring>

namespace kiln {
namespace {

constexpr int kMostRows = 2048;  // of a piece: 20 MB for the default network
// Matrix products handle the last few rows by other code than the rest; whole blocks make a row come out the same in any company.
constexpr std::int64_t kRowBlock = 32;

}  // namespace

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
  const std::int64_t used = table_steps_ * conditions;
  const std::int64_t padded = (used + kRowBlock - 1) / kRowBlock * kRowBlock;
  const at::Tensor t = at::zeros({padded});
  for (std::int64_t i = 0; i < used; ++i) {
    t.data_ptr<float>()[i] = static_cast<float>(times_[static_cast<std::size_t>(first_step + i / conditions)]);
  }
  at::Tensor condition = at::zeros({padded, conditions_.size(1)});
  condition.narrow(0, 0, used).copy_(conditions_.repeat({table_steps_, 1}));
  table_ = at::linear(network_->embedding(t, condition), weight_, bias_);
}

}  // namespace kiln
