#include "engine/network/kernels/cross_entropy.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <unordered_map>
#include <vector>

#include "engine/network/kernels/elementwise_kernels.h"

namespace kiln {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

void each_picture(std::int64_t pictures, const std::function<void(std::int64_t, std::int64_t)>& body) {
  if (at::get_num_threads() > 1 && pictures > 1) {
    at::parallel_for(0, pictures, 1, body);
  } else {
    body(0, pictures);
  }
}

// Logits as rows of channels, one row a pixel.
struct Shape {
  std::int64_t pictures, channels, pixels;
  explicit Shape(const at::Tensor& logits)
      : pictures(logits.size(0)), channels(logits.size(1)), pixels(logits.size(2) * logits.size(3)) {}
};

// What is wanted of a pixel.
class Target {
 public:
  Target(const at::Tensor& target, const Shape& shape)
      : channels_(shape.channels),
        indices_(target.dim() == 3 ? target.data_ptr<std::int64_t>() : nullptr),
        shares_(target.dim() == 4 ? target.data_ptr<float>() : nullptr) {}

  // Σ target · row
  double expected(const float* row, std::int64_t pixel) const {
    if (indices_) return row[indices_[pixel]];
    const float* const shares = shares_ + pixel * channels_;
    double sum = 0;
    for (std::int64_t c = 0; c < channels_; ++c) sum += static_cast<double>(shares[c]) * row[c];
    return sum;
  }

  // row -= factor · target
  void subtract(float* row, std::int64_t pixel, float factor) const {
    if (indices_) {
      row[indices_[pixel]] -= factor;
      return;
    }
    const float* const shares = shares_ + pixel * channels_;
    for (std::int64_t c = 0; c < channels_; ++c) row[c] -= factor * shares[c];
  }

 private:
  std::int64_t channels_;
  const std::int64_t* indices_;  // one of both
  const float* shares_;
};

// Finds entries by looking them up where a pixel is one of them, as nearly all of a palette's own sprites are.
class EntryFinder {
 public:
  // columns: [C, O].
  EntryFinder(const float* columns, std::int64_t count, std::int64_t channels)
      : columns_(columns), count_(count), channels_(channels) {
    std::vector<float> entry(static_cast<std::size_t>(channels));
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::int64_t c = 0; c < channels; ++c) entry[static_cast<std::size_t>(c)] = columns[c * count + i];
      known_.emplace(key_of(entry), i);  // the first among equals stays
    }
  }

  // scratch: a number for each entry.
  std::int64_t nearest(const std::vector<float>& pixel, std::vector<float>& scratch) const {
    if (const auto known = known_.find(key_of(pixel)); known != known_.end() && is(pixel, known->second)) return known->second;
    std::fill(scratch.begin(), scratch.end(), 0.0F);
    for (std::int64_t c = 0; c < channels_; ++c) {
      const float* const column = columns_ + c * count_;
      for (std::int64_t i = 0; i < count_; ++i) {
        const float difference = pixel[static_cast<std::size_t>(c)] - column[i];
        scratch[static_cast<std::size_t>(i)] += difference * difference;
      }
    }
    return std::min_element(scratch.begin(), scratch.end()) - scratch.begin();
  }

 private:
  static std::uint64_t key_of(const std::vector<float>& values) {
    std::uint64_t key = 0;
    for (const float value : values) key = key * 0x9E3779B97F4A7C15ULL + __builtin_bit_cast(std::uint32_t, value + 0.0F);
    return key;
  }
  bool is(const std::vector<float>& pixel, std::int64_t entry) const {
    for (std::int64_t c = 0; c < channels_; ++c) {
      if (pixel[static_cast<std::size_t>(c)] != columns_[c * count_ + entry]) return false;
    }
    return true;
  }

  const float* columns_;
  std::int64_t count_, channels_;
  std::unordered_map<std::uint64_t, std::int64_t> known_;
};

class CrossEntropy : public torch::autograd::Function<CrossEntropy> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& logits, const at::Tensor& target) {
    const Shape shape(logits);
    const Target wanted(target, shape);
    at::Tensor entropy = at::empty({shape.pictures}, logits.options());
    const at::Tensor sums = at::empty({2, shape.pictures * shape.pixels}, logits.options());  // the largest of a row, its sum
    const float* const rows = logits.data_ptr<float>();
    float *const largest = sums.data_ptr<float>(), *const sum = largest + shape.pictures * shape.pixels;
    float* const result = entropy.data_ptr<float>();
    const ElementwiseKernels<float>& kernels = elementwise_kernels<float>(kernel_isa());
    each_picture(shape.pictures, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t picture = begin; picture < end; ++picture) {
        double total = 0;
        for (std::int64_t pixel = picture * shape.pixels; pixel < (picture + 1) * shape.pixels; ++pixel) {
          const float* const row = rows + pixel * shape.channels;
          const SoftmaxSum found = kernels.softmax_sum(row, shape.channels);
          largest[pixel] = found.largest;
          sum[pixel] = found.sum;
          total += found.largest + std::log(static_cast<double>(found.sum)) - wanted.expected(row, pixel);
        }
        result[picture] = static_cast<float>(total / static_cast<double>(shape.pixels));
      }
    });
    context->save_for_backward({logits, target, sums});
    return entropy;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor& logits = saved[0];
    const Shape shape(logits);
    const Target wanted(saved[1], shape);
    const at::Tensor of_result = gradients[0].to(at::kFloat).contiguous();
    at::Tensor gradient = at::empty_like(logits);  // channels-last, as they are
    const float* const rows = logits.data_ptr<float>();
    const float *const largest = saved[2].data_ptr<float>(), *const sum = largest + shape.pictures * shape.pixels;
    const float* const each = of_result.data_ptr<float>();
    float* const out = gradient.data_ptr<float>();
    const ElementwiseKernels<float>& kernels = elementwise_kernels<float>(kernel_isa());
    each_picture(shape.pictures, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t picture = begin; picture < end; ++picture) {
        const float factor = each[picture] / static_cast<float>(shape.pixels);
        for (std::int64_t pixel = picture * shape.pixels; pixel < (picture + 1) * shape.pixels; ++pixel) {
          float* const row = out + pixel * shape.channels;
          kernels.scaled_exponentials(rows + pixel * shape.channels, shape.channels, largest[pixel], factor / sum[pixel], row);
          wanted.subtract(row, pixel, factor);
        }
      }
    });
    return {gradient, at::Tensor()};
  }
};

}  // namespace

at::Tensor pixel_cross_entropy(const at::Tensor& logits, const at::Tensor& target) {
  if (!logits.device().is_cpu() || logits.scalar_type() != at::kFloat || logits.numel() == 0)
    return at::cross_entropy_loss(logits, target, {}, at::Reduction::None).mean({1, 2});
  constexpr auto kRows = at::MemoryFormat::ChannelsLast;
  return CrossEntropy::apply(logits.contiguous(kRows), target.dim() == 4 ? target.contiguous(kRows) : target.contiguous());
}

at::Tensor nearest_entries(const at::Tensor& x, const at::Tensor& entries) {
  const std::int64_t count = entries.size(0), channels = entries.size(1), height = x.size(2), width = x.size(3);
  if (!x.device().is_cpu()) {
    constexpr std::int64_t kDistancesAtOnce = std::int64_t{1} << 26;  // 256 MB
    const at::Tensor turned = entries.t(), squares = entries.square().sum(1);
    std::vector<at::Tensor> indices;
    for (const at::Tensor& part :
         x.split(std::max<std::int64_t>(1, kDistancesAtOnce / std::max<std::int64_t>(1, count * height * width)))) {
      const at::Tensor pixels = part.permute({0, 2, 3, 1}).reshape({-1, channels});
      indices.push_back(at::addmm(squares, pixels, turned, 1, -2).argmin(1).view({part.size(0), height, width}));
    }
    return at::cat(indices);
  }
  const at::Tensor planes = x.to(at::kFloat).contiguous(), columns = entries.to(at::kFloat).t().contiguous();
  at::Tensor result = at::empty({x.size(0), height, width}, at::kLong);
  const EntryFinder finder(columns.data_ptr<float>(), count, channels);
  const std::int64_t pixels = height * width;
  each_picture(x.size(0), [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> pixel(static_cast<std::size_t>(channels)), distances(static_cast<std::size_t>(count));
    for (std::int64_t picture = begin; picture < end; ++picture) {
      const float* const values = planes.data_ptr<float>() + picture * channels * pixels;
      std::int64_t* const found = result.data_ptr<std::int64_t>() + picture * pixels;
      for (std::int64_t place = 0; place < pixels; ++place) {
        for (std::int64_t c = 0; c < channels; ++c) pixel[static_cast<std::size_t>(c)] = values[c * pixels + place];
        found[place] = finder.nearest(pixel, distances);
      }
    }
  });
  return result;
}

}  // namespace kiln
