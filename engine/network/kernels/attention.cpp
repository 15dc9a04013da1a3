#include "engine/network/kernels/attention.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <functional>
#include <vector>

#include "engine/network/kernels/attention_kernels.h"

namespace kiln {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

struct Shape {
  int64_t samples, channels, pixels, heads;

  Shape(const at::Tensor& qkv, int64_t head_count)
      : samples(qkv.size(0)), channels(qkv.size(1) / 3), pixels(qkv.size(2) * qkv.size(3)), heads(head_count) {}
  int64_t head_channels() const { return channels / heads; }
};

// Calls body(sample, scratch) for each sample.
void each_sample(const Shape& shape, const std::function<void(int64_t, float*)>& body) {
  const auto range = [&](int64_t begin, int64_t end) {
    std::vector<float> scratch(static_cast<size_t>(attention_scratch(shape.pixels, shape.head_channels())));
    for (int64_t n = begin; n < end; ++n) body(n, scratch.data());
  };
  if (at::get_num_threads() > 1 && shape.samples > 1) {
    at::parallel_for(0, shape.samples, 1, range);
  } else {
    range(0, shape.samples);
  }
}

template <class T>
Rows<T> rows(const at::Tensor& tensor, int64_t sample) {
  const int64_t channels = tensor.size(1);
  return {static_cast<T*>(tensor.data_ptr()) + sample * channels * tensor.size(2) * tensor.size(3), channels};
}

template <class T>
void forward_all(const at::Tensor& qkv, const at::Tensor& out, const Shape& shape) {
  const Isa isa = kernel_isa();
  each_sample(shape, [&](int64_t n, float* scratch) {
    attention_sample<T>(isa, rows<const T>(qkv, n), rows<T>(out, n), shape.pixels, shape.heads, shape.head_channels(), scratch);
  });
}

template <class T>
void backward_all(const at::Tensor& qkv, const at::Tensor& d_out, const at::Tensor& d_qkv, const Shape& shape) {
  const Isa isa = kernel_isa();
  each_sample(shape, [&](int64_t n, float* scratch) {
    attention_sample_backward<T>(isa, rows<const T>(qkv, n), rows<const T>(d_out, n), rows<T>(d_qkv, n), shape.pixels, shape.heads,
                                 shape.head_channels(), scratch);
  });
}

at::Tensor run_forward(const at::Tensor& qkv, int64_t heads) {
  const Shape shape(qkv, heads);
  at::Tensor out =
      at::empty({shape.samples, shape.channels, qkv.size(2), qkv.size(3)}, qkv.options(), at::MemoryFormat::ChannelsLast);
  qkv.scalar_type() == at::kFloat ? forward_all<float>(qkv, out, shape) : forward_all<Bf16>(qkv, out, shape);
  return out;
}

class SelfAttention : public torch::autograd::Function<SelfAttention> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& qkv, int64_t heads) {
    context->save_for_backward({qkv});
    context->saved_data["heads"] = heads;
    return run_forward(qkv, heads);
  }

  static tensor_list backward(AutogradContext* context, tensor_list grads) {
    const at::NoGradGuard no_grad;
    const at::Tensor qkv = context->get_saved_variables()[0];
    const Shape shape(qkv, context->saved_data["heads"].toInt());
    const at::Tensor d_out = grads[0].to(qkv.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor d_qkv = at::empty(qkv.sizes(), qkv.options(), at::MemoryFormat::ChannelsLast);
    qkv.scalar_type() == at::kFloat ? backward_all<float>(qkv, d_out, d_qkv, shape) : backward_all<Bf16>(qkv, d_out, d_qkv, shape);
    return {d_qkv, at::Tensor()};
  }
};

// Queries, keys or values, 0 to 2: [N, heads, head channels, H·W].
at::Tensor part_of(const at::Tensor& qkv, const Shape& shape, int64_t which) {
  return qkv.reshape({shape.samples, 3, shape.heads, shape.head_channels(), shape.pixels}).select(1, which);
}

at::Tensor composition(const at::Tensor& qkv, int64_t heads) {
  const Shape shape(qkv, heads);
  const at::Tensor out = at::matmul(part_of(qkv, shape, 2), attention_weights(qkv, heads).transpose(2, 3));
  return out.reshape({shape.samples, shape.channels, qkv.size(2), qkv.size(3)}).contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

at::Tensor attention_weights(const at::Tensor& qkv, int64_t heads) {
  const Shape shape(qkv, heads);
  const double scale = 1.0 / std::sqrt(static_cast<double>(shape.head_channels()));
  return at::softmax(at::matmul(part_of(qkv, shape, 0).transpose(2, 3), part_of(qkv, shape, 1)) * scale, -1);
}

at::Tensor self_attention(const at::Tensor& qkv, int64_t heads) {
  TORCH_CHECK(qkv.dim() == 4 && heads > 0 && qkv.size(1) % (3 * heads) == 0, "self_attention: ", qkv.sizes(), " for ", heads,
              " heads");
  const bool fused = qkv.device().is_cpu() && (qkv.scalar_type() == at::kFloat || qkv.scalar_type() == at::kBFloat16);
  if (!fused) return composition(qkv, heads);
  const at::Tensor dense = qkv.contiguous(at::MemoryFormat::ChannelsLast);
  if (at::GradMode::is_enabled() && qkv.requires_grad()) return SelfAttention::apply(dense, heads);
  return run_forward(dense, heads);
}

}  // namespace kiln
