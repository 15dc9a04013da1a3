#include "engine/network/kernels/group_norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <functional>
#include <vector>

#include "engine/network/kernels/group_norm_kernels.h"

namespace kiln {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

struct Shape {
  int64_t samples, channels, pixels, groups;

  Shape(const at::Tensor& x, int64_t group_count)
      : samples(x.size(0)), channels(x.size(1)), pixels(x.size(2) * x.size(3)), groups(group_count) {}
  int64_t sample_size() const { return channels * pixels; }
};

// ATen's type and the kernels' type for it.
template <class T>
T* pointer(const at::Tensor& tensor) {
  return static_cast<T*>(tensor.data_ptr());
}

const float* floats(const at::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

// A row of [N, ·], or null.
const float* of_sample(const at::Tensor& tensor, int64_t sample) {
  return tensor.defined() ? tensor.data_ptr<float>() + sample * tensor.size(1) : nullptr;
}

void each_sample(int64_t samples, const std::function<void(int64_t, int64_t)>& body) {
  if (at::get_num_threads() > 1 && samples > 1) {
    at::parallel_for(0, samples, 1, body);
  } else {
    body(0, samples);
  }
}

template <class T>
void forward_all(const at::Tensor& x, const at::Tensor& y, const Shape& shape, const at::Tensor& weight, const at::Tensor& bias,
                 const at::Tensor& scale_shift, const at::Tensor& factors, double eps, bool silu, const at::Tensor& mean,
                 const at::Tensor& rstd) {
  const Isa isa = kernel_isa();
  const int64_t channels = shape.channels;
  each_sample(shape.samples, [&](int64_t begin, int64_t end) {
    std::vector<float> scratch(static_cast<size_t>(4 * channels));
    for (int64_t n = begin; n < end; ++n) {
      const float* modulation = of_sample(scale_shift, n);
      group_norm_sample<T>(isa, {pointer<T>(x) + n * shape.sample_size(), channels},
                           {pointer<T>(y) + n * shape.sample_size(), channels}, shape.pixels, channels, shape.groups, eps,
                           floats(weight), floats(bias), modulation, of_sample(factors, n), silu,
                           mean.data_ptr<float>() + n * shape.groups, rstd.data_ptr<float>() + n * shape.groups, scratch.data());
    }
  });
}

struct Forward {
  at::Tensor y, mean, rstd;  // mean, rstd: [N, groups]
};

Forward run_forward(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& scale_shift,
                    const at::Tensor& factors, int64_t groups, double eps, bool silu) {
  const Shape shape(x, groups);
  Forward out;
  out.y = at::empty(x.sizes(), x.options(), at::MemoryFormat::ChannelsLast);
  out.mean = at::empty({shape.samples, groups}, x.options().dtype(at::kFloat));
  out.rstd = at::empty_like(out.mean);
  if (x.scalar_type() == at::kFloat) {
    forward_all<float>(x, out.y, shape, weight, bias, scale_shift, factors, eps, silu, out.mean, out.rstd);
  } else {
    forward_all<Bf16>(x, out.y, shape, weight, bias, scale_shift, factors, eps, silu, out.mean, out.rstd);
  }
  return out;
}

struct Gradients {
  at::Tensor x;
  at::Tensor sums;      // [N, C]: Σ dz
  at::Tensor products;  // [N, C]: Σ dz · n, n the normalised x
};

// With z = n · g + …, g = weight · (1 + scale): dx = rstd · (dz g - mean(dz g) - n · mean(dz g n)), means over each group.
template <class T>
void backward_sample(Isa isa, const Shape& shape, const T* x, const T* dy, T* dx, const float* weight, const float* bias,
                     const float* modulation, const float* factors, bool silu, const float* mean, const float* rstd, float* sum,
                     float* product, float* dz, float* scratch) {
  const GroupNormKernels<T>& kernels = group_norm_kernels<T>(isa);
  const int64_t channels = shape.channels;
  const int64_t width = channels / shape.groups;
  float* a = scratch;
  float* b = scratch + channels;
  float* channel_mean = scratch + 2 * channels;
  group_norm_affine(channels, shape.groups, mean, rstd, weight, bias, modulation, a, b);
  for (int64_t c = 0; c < channels; ++c) channel_mean[c] = mean[c / width];
  kernels.backward_sums({x, channels}, {dy, channels}, shape.pixels, channels, a, b, factors, channel_mean, silu, dz, sum, product);
  for (int64_t c = 0; c < channels; ++c) product[c] *= rstd[c / width];

  float* p = a;  // a = rstd · g is also dz's factor
  float* q = b;
  float* r = channel_mean;
  const double count = static_cast<double>(width * shape.pixels);
  for (int64_t group = 0; group < shape.groups; ++group) {
    double mean_grad = 0, mean_product = 0;  // both times rstd, as a is
    for (int64_t c = group * width; c < (group + 1) * width; ++c) {
      mean_grad += static_cast<double>(a[c]) * sum[c];
      mean_product += static_cast<double>(a[c]) * product[c];
    }
    const auto slope = static_cast<float>(-mean_product / count * rstd[group]);
    const auto offset = static_cast<float>(-mean_grad / count) - slope * mean[group];
    for (int64_t c = group * width; c < (group + 1) * width; ++c) {
      q[c] = slope;
      r[c] = offset;
    }
  }
  kernels.backward_apply({x, channels}, dz, {dx, channels}, shape.pixels, channels, p, q, r);
}

template <class T>
void backward_all(const at::Tensor& x, const at::Tensor& dy, const Shape& shape, const at::Tensor& weight, const at::Tensor& bias,
                  const at::Tensor& scale_shift, const at::Tensor& factors, bool silu, const at::Tensor& mean,
                  const at::Tensor& rstd, const Gradients& out) {
  const Isa isa = kernel_isa();
  const int64_t channels = shape.channels;
  each_sample(shape.samples, [&](int64_t begin, int64_t end) {
    std::vector<float> scratch(static_cast<size_t>(3 * channels));
    const at::Tensor dz = at::empty({shape.sample_size()}, mean.options());
    for (int64_t n = begin; n < end; ++n) {
      const float* modulation = of_sample(scale_shift, n);
      const int64_t offset = n * shape.sample_size();
      backward_sample<T>(isa, shape, pointer<T>(x) + offset, pointer<T>(dy) + offset, pointer<T>(out.x) + offset, floats(weight),
                         floats(bias), modulation, of_sample(factors, n), silu, floats(mean) + n * shape.groups,
                         floats(rstd) + n * shape.groups, out.sums.data_ptr<float>() + n * channels,
                         out.products.data_ptr<float>() + n * channels, dz.data_ptr<float>(), scratch.data());
    }
  });
}

Gradients run_backward(const at::Tensor& x, const at::Tensor& dy, const at::Tensor& weight, const at::Tensor& bias,
                       const at::Tensor& scale_shift, const at::Tensor& factors, bool silu, const at::Tensor& mean,
                       const at::Tensor& rstd) {
  const Shape shape(x, mean.size(1));
  Gradients out;
  out.x = at::empty(x.sizes(), x.options(), at::MemoryFormat::ChannelsLast);
  out.sums = at::empty({shape.samples, shape.channels}, mean.options());
  out.products = at::empty_like(out.sums);
  if (x.scalar_type() == at::kFloat) {
    backward_all<float>(x, dy, shape, weight, bias, scale_shift, factors, silu, mean, rstd, out);
  } else {
    backward_all<Bf16>(x, dy, shape, weight, bias, scale_shift, factors, silu, mean, rstd, out);
  }
  return out;
}

class GroupNormSilu : public torch::autograd::Function<GroupNormSilu> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                            const c10::optional<at::Tensor>& modulation, const c10::optional<at::Tensor>& given_factors,
                            int64_t groups, double eps, bool silu) {
    const at::Tensor scale_shift = modulation.value_or(at::Tensor()), factors = given_factors.value_or(at::Tensor());
    Forward out = run_forward(x, weight, bias, scale_shift, factors, groups, eps, silu);
    context->save_for_backward({x, weight, bias, scale_shift, factors, out.mean, out.rstd});
    context->saved_data["silu"] = silu;
    return out.y;
  }

  static tensor_list backward(AutogradContext* context, tensor_list grads) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &bias = saved[2], &scale_shift = saved[3], &factors = saved[4];
    const at::Tensor dy = grads[0].to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
    const at::NoGradGuard no_grad;
    const bool silu = context->saved_data["silu"].toBool();
    const Gradients g = run_backward(x, dy, weight, bias, scale_shift, factors, silu, saved[5], saved[6]);
    if (!scale_shift.defined()) {
      return {g.x, g.products.sum(0), g.sums.sum(0), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
    const at::Tensor factor = scale_shift.narrow(1, 0, x.size(1)) + 1;
    const at::Tensor d_scale = g.products * weight + g.sums * bias;
    return {g.x,
            (g.products * factor).sum(0),
            (g.sums * factor).sum(0),
            at::cat({d_scale, g.sums}, 1),
            at::Tensor(),
            at::Tensor(),
            at::Tensor(),
            at::Tensor()};
  }
};

at::Tensor composition(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& scale_shift,
                       int64_t groups, double eps, bool silu, const at::Tensor& factors) {
  const auto type = x.scalar_type();
  at::Tensor y = at::group_norm(x, groups, weight.to(type), bias.to(type), eps);
  if (scale_shift.defined()) {
    const auto parts = scale_shift.to(type).unsqueeze(-1).unsqueeze(-1).chunk(2, 1);
    y = y * (parts[0] + 1) + parts[1];
  }
  y = silu ? at::silu(y) : y;
  if (factors.defined()) y = y * factors.to(type).unsqueeze(-1).unsqueeze(-1);
  return y.contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

at::Tensor group_norm_silu(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& scale_shift,
                           int64_t groups, double eps, bool silu, const at::Tensor& factors) {
  TORCH_CHECK(x.dim() == 4 && groups > 0 && x.size(1) % groups == 0, "group_norm_silu: ", x.sizes(), " has no ", groups, " groups");
  const bool fused = x.device().is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
  if (!fused) return composition(x, weight, bias, scale_shift, groups, eps, silu, factors);

  const at::Tensor dense = x.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor w = weight.to(at::kFloat).contiguous();
  const at::Tensor b = bias.to(at::kFloat).contiguous();
  c10::optional<at::Tensor> modulation;
  if (scale_shift.defined()) {
    TORCH_CHECK(scale_shift.dim() == 2 && scale_shift.size(0) == x.size(0) && scale_shift.size(1) == 2 * x.size(1),
                "group_norm_silu: scale_shift ", scale_shift.sizes(), " for x ", x.sizes());
    modulation = scale_shift.to(at::kFloat).contiguous();
  }
  c10::optional<at::Tensor> given_factors;
  if (factors.defined()) {
    TORCH_CHECK(factors.dim() == 2 && factors.size(0) == x.size(0) && factors.size(1) == x.size(1) && !factors.requires_grad(),
                "group_norm_silu: factors ", factors.sizes(), " for x ", x.sizes());
    given_factors = factors.to(at::kFloat).contiguous();
  }
  const auto wants_grad = [](const at::Tensor& tensor) { return tensor.defined() && tensor.requires_grad(); };
  if (at::GradMode::is_enabled() && (wants_grad(x) || wants_grad(weight) || wants_grad(bias) || wants_grad(scale_shift))) {
    return GroupNormSilu::apply(dense, w, b, modulation, given_factors, groups, eps, silu);
  }
  return run_forward(dense, w, b, modulation.value_or(at::Tensor()), given_factors.value_or(at::Tensor()), groups, eps, silu).y;
}

}  // namespace kiln
