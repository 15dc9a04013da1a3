#include "engine/network/kernels/row_product.h"

#include "engine/network/kernels/winograd_table.h"

namespace kiln {
namespace {

// A Winograd convolution multiplies rows by panels too, each row in the same order of sums.
const winograd_table::Steps<float>* steps_of(Isa isa) {
  using namespace winograd_table;
  static constexpr Pair kNone = {nullptr, nullptr};
  static const Pair* const kPairs[] = {&kNone, &kAvx2, &kAvx512, &kAvx512Bf16};
  return kPairs[static_cast<int>(isa)]->f32;
}

}  // namespace

RowProduct::RowProduct(Isa isa, std::int64_t in, std::int64_t out, const float* weights, const float* bias)
    : isa_(isa), in_(in), out_(out), panel_(1), panels_(static_cast<std::size_t>(in * out)), bias_(bias, bias + out) {
  if (const auto* const steps = steps_of(isa)) panel_ = std::int64_t{steps->vector} * steps->vectors;
  const std::int64_t whole = out / panel_ * panel_;
  for (std::int64_t o = 0; o < out; ++o) {
    for (std::int64_t i = 0; i < in; ++i) {
      const std::int64_t place = o < whole ? o / panel_ * panel_ * in + i * panel_ + o % panel_ : o * in + i;
      panels_[static_cast<std::size_t>(place)] = weights[o * in + i];
    }
  }
}

void RowProduct::run(const float* rows, std::int64_t count, float* result) const {
  std::int64_t column = 0;
  if (panel_ > 1) {
    for (; column + panel_ <= out_; column += panel_) {
      steps_of(isa_)->multiply(count, in_, panel_, rows, panels_.data() + column * in_, result + column, out_);
    }
  }
  for (std::int64_t row = 0; row < count; ++row) {
    for (std::int64_t o = 0; o < column; ++o) result[row * out_ + o] += bias_[static_cast<std::size_t>(o)];
  }
  for (; column < out_; ++column) run_column(rows, count, column, result);
}

void RowProduct::run_column(const float* rows, std::int64_t count, std::int64_t column, float* result) const {
  const float* const weights = panels_.data() + column * in_;
  for (std::int64_t row = 0; row < count; ++row) {
    float sum = bias_[static_cast<std::size_t>(column)];
    for (std::int64_t i = 0; i < in_; ++i) sum += weights[i] * rows[row * in_ + i];
    result[row * out_ + column] = sum;
  }
}

}  // namespace kiln
