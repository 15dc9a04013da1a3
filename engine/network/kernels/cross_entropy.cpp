#include "engine/network/kernels/cross_entropy.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <functional>
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
  if (!x.device().is_cpu()) {  // one sprite at a time: the distances to all are many numbers
    const at::Tensor turned = entries.t(), squares = entries.square().sum(1);
    std::vector<at::Tensor> indices;
    for (const at::Tensor& sprite : x.unbind(0)) {
      const at::Tensor pixels = sprite.flatten(1).t();  // [H · W, C]
      indices.push_back(at::addmm(squares, pixels, turned, 1, -2).argmin(1).view({height, width}));
    }
    return at::stack(indices);
  }
  const at::Tensor planes = x.to(at::kFloat).contiguous(), columns = entries.to(at::kFloat).t().contiguous();
  at::Tensor result = at::empty({x.size(0), height, width}, at::kLong);
  const float* const values = planes.data_ptr<float>();
  const float* const wanted = columns.data_ptr<float>();
  std::int64_t* const found = result.data_ptr<std::int64_t>();
  each_picture(x.size(0), [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> distances(static_cast<std::size_t>(count));
    for (std::int64_t picture = begin; picture < end; ++picture) {
      const float* const picture_values = values + picture * channels * height * width;
      for (std::int64_t pixel = 0; pixel < height * width; ++pixel) {
        std::fill(distances.begin(), distances.end(), 0.0F);
        for (std::int64_t c = 0; c < channels; ++c) {
          const float value = picture_values[c * height * width + pixel];
          const float* const column = wanted + c * count;
          for (std::int64_t i = 0; i < count; ++i) {
            const float difference = value - column[i];
            distances[static_cast<std::size_t>(i)] += difference * difference;
          }
        }
        found[picture * height * width + pixel] = std::min_element(distances.begin(), distances.end()) - distances.begin();
      }
    }
  });
  return result;
}

}  // namespace kiln
