#include "engine/network/kernels/pointwise_kernels.h"

#include <algorithm>
#include <vector>

#include "engine/network/kernels/pointwise_table.h"
#include "engine/network/kernels/winograd_gradient_table.h"
#include "engine/network/kernels/winograd_table.h"

namespace kiln {
namespace {

using pointwise_table::kVector;

constexpr std::int64_t kPixels = 192;  // at once
constexpr std::size_t kLine = 64;      // bytes

struct Tables {
  const pointwise_table::Steps* own;
  const winograd_table::Steps<Bf16>* rows;
  const winograd_gradient_table::Steps* pairs;
};

const Tables& tables() {
  static const Tables all{pointwise_table::kAvx512Bf16, winograd_table::kAvx512Bf16.bf16, winograd_gradient_table::kAvx512Bf16};
  return all;
}

std::size_t whole_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

// result [pixels, results] = x [pixels, sources] · weights + bias + added; weights as `pack` has them, panel after panel.
void multiply(const Bf16* x, std::int64_t sources, std::int64_t results, const float* weights, bool transposed, const float* bias,
              const Bf16* added, std::int64_t pixels, Bf16* result, std::byte* scratch) {
  const Tables& steps = tables();
  auto* const packed = reinterpret_cast<Bf16*>(scratch);
  auto* const products =
      reinterpret_cast<float*>(scratch + whole_lines(static_cast<std::size_t>(sources * results) * sizeof(Bf16)));
  const auto each_panel = [&](const auto& body) {
    std::int64_t column = 0;
    for (std::int64_t width = steps.rows->vectors * kVector; width >= kVector; width /= 2) {
      for (; results - column >= width; column += width) body(column, width);
    }
  };
  const std::int64_t stride = transposed ? results : sources;
  each_panel([&](std::int64_t column, std::int64_t width) {
    const float* const first = weights + (transposed ? column : column * stride);
    steps.own->pack(first, stride, sources, width, transposed, packed + column * sources);
  });
  for (std::int64_t first = 0; first < pixels; first += kPixels) {
    const std::int64_t count = std::min(kPixels, pixels - first);
    each_panel([&](std::int64_t column, std::int64_t width) {
      steps.rows->multiply(count, sources, width, x + first * sources, packed + column * sources, products + column, results);
    });
    steps.own->finish(products, bias, added ? added + first * results : nullptr, count, results, result + first * results);
  }
}

}  // namespace

bool has_pointwise(Isa isa, const PointwiseShape& shape) {
  const Tables& steps = tables();
  return isa == Isa::kAvx512Bf16 && steps.own && steps.rows && steps.pairs && shape.in % kVector == 0 && shape.out % kVector == 0;
}

std::size_t pointwise_scratch_bytes(const PointwiseShape& shape) {
  const auto weights = whole_lines(static_cast<std::size_t>(shape.in * shape.out) * sizeof(Bf16));
  const auto products = static_cast<std::size_t>(kPixels * std::max(shape.in, shape.out)) * sizeof(float);
  const auto planes = static_cast<std::size_t>(kPixels * (shape.in + shape.out)) * sizeof(Bf16);
  return std::max(weights + products, planes);
}

void pointwise_run(const PointwiseShape& shape, const Bf16* x, const float* weights, const float* bias, const Bf16* added,
                   std::int64_t pixels, Bf16* result, std::byte* scratch) {
  multiply(x, shape.in, shape.out, weights, false, bias, added, pixels, result, scratch);
}

void pointwise_gradient_of_x(const PointwiseShape& shape, const Bf16* dy, const float* weights, std::int64_t pixels, Bf16* dx,
                             std::byte* scratch) {
  const std::vector<float> no_bias(static_cast<std::size_t>(shape.in));
  multiply(dy, shape.out, shape.in, weights, true, no_bias.data(), nullptr, pixels, dx, scratch);
}

void pointwise_gradient_of_weights(const PointwiseShape& shape, const Bf16* x, const Bf16* dy, std::int64_t pixels, float* weights,
                                   float* bias, std::byte* scratch) {
  const Tables& steps = tables();
  auto* const x_plane = reinterpret_cast<Bf16*>(scratch);
  Bf16* const dy_plane = x_plane + kPixels * shape.in;
  std::fill_n(bias, shape.out, 0.0F);
  for (std::int64_t first = 0; first < pixels; first += kPixels) {
    const std::int64_t count = std::min(kPixels, pixels - first);
    steps.own->pair(x + first * shape.in, count, shape.in, x_plane, nullptr);
    steps.own->pair(dy + first * shape.out, count, shape.out, dy_plane, bias);
    steps.pairs->multiply({0, 0, shape.in, shape.out}, (count + 1) / 2, dy_plane, x_plane, first > 0, weights);
  }
}

}  // namespace kiln
