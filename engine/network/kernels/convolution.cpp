#include "engine/network/kernels/convolution.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/network/kernels/pointwise_kernels.h"
#include "engine/network/kernels/winograd.h"
#include "engine/network/kernels/winograd_gradient.h"

namespace kiln {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

WinogradShape shape_of(const at::Tensor& x, const at::Tensor& weight) {
  return {x.size(2), x.size(3), weight.size(1), weight.size(0)};
}

Bf16* pointer(const at::Tensor& tensor) { return static_cast<Bf16*>(tensor.data_ptr()); }

struct ParameterGradients {
  at::Tensor weight, bias;  // not set yet

  explicit ParameterGradients(const at::Tensor& like)
      : weight(at::empty(like.sizes(), like.options(), at::MemoryFormat::ChannelsLast)),
        bias(at::empty({like.size(0)}, like.options())) {}
};

// Memory that a thread keeps from call to call, on a cache line.
class Kept {
 public:
  std::byte* at_least(std::size_t bytes) {
    constexpr std::size_t kLine = 64;
    if (memory_.size() < bytes + kLine) memory_.resize(bytes + kLine);
    const auto place = reinterpret_cast<std::uintptr_t>(memory_.data());
    return memory_.data() + ((place + kLine - 1) / kLine * kLine - place);
  }

 private:
  std::vector<std::byte> memory_;
};

void copy_with_border(const WinogradShape& shape, const Bf16* pictures, int count, Bf16* bordered) {
  const auto row = static_cast<std::size_t>(shape.width * shape.in);
  const std::size_t border = static_cast<std::size_t>(shape.in), line = row + 2 * border;
  const auto clear = [](Bf16* to, std::size_t numbers) { std::memset(static_cast<void*>(to), 0, numbers * sizeof(Bf16)); };
  for (int p = 0; p < count; ++p) {
    clear(bordered, line + border);
    bordered += line + border;
    for (std::int64_t y = 0; y < shape.height; ++y, pictures += row, bordered += line) {
      std::memcpy(bordered, pictures, row * sizeof(Bf16));
      clear(bordered + row, y + 1 < shape.height ? 2 * border : border);
    }
    clear(bordered - border, line);
    bordered += line - border;
  }
}

// result = x * weight + bias + added for all pictures; x: [N, H, W, in].
void run(const WinogradShape& shape, const at::Tensor& weight, bool transposed, const float* bias, const Bf16* x, const Bf16* added,
         Bf16* result, std::int64_t pictures) {
  thread_local Kept kept_weights, kept_bordered, kept_scratch;
  const Isa isa = kernel_isa();
  constexpr std::int64_t kTiles = 64;  // about as many as fit the cache
  const auto at_once = static_cast<int>(std::clamp<std::int64_t>(4 * kTiles / (shape.height * shape.width), 1, pictures));
  auto* const packed = reinterpret_cast<Bf16*>(kept_weights.at_least(winograd_weights(shape) * sizeof(Bf16)));
  const WinogradShape forward = transposed ? WinogradShape{shape.height, shape.width, shape.out, shape.in} : shape;
  winograd_pack(isa, forward, weight.data_ptr<float>(), transposed, packed);
  const auto bordered_numbers = static_cast<std::size_t>(at_once * (shape.height + 2) * (shape.width + 2) * shape.in);
  auto* const bordered = reinterpret_cast<Bf16*>(kept_bordered.at_least(bordered_numbers * sizeof(Bf16)));
  std::byte* const scratch = kept_scratch.at_least(winograd_scratch_bytes<Bf16>(shape, at_once));
  const std::int64_t pixels = shape.height * shape.width;
  for (std::int64_t first = 0; first < pictures; first += at_once) {
    const int count = static_cast<int>(std::min<std::int64_t>(at_once, pictures - first));
    const std::int64_t place = first * pixels * shape.out;
    copy_with_border(shape, x + first * pixels * shape.in, count, bordered);
    winograd_run<Bf16>(isa, shape, packed, bias, bordered, added ? added + place : nullptr, result + place, count, scratch);
  }
}

struct Winograd {
  static at::Tensor forward(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added);
  static at::Tensor gradient_of_x(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight);
  static ParameterGradients gradients_of_parameters(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight);
};

at::Tensor Winograd::forward(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added) {
  const WinogradShape shape = shape_of(x, weight);
  const at::Tensor y = at::empty({x.size(0), shape.out, shape.height, shape.width}, x.options(), at::MemoryFormat::ChannelsLast);
  run(shape, weight, false, bias.data_ptr<float>(), pointer(x), added.defined() ? pointer(added) : nullptr, pointer(y), x.size(0));
  return y;
}

// The gradient of x: the same convolution, from the result's channels back, with the kernels turned.
at::Tensor Winograd::gradient_of_x(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight) {
  const WinogradShape shape = shape_of(x, weight), back{shape.height, shape.width, shape.out, shape.in};
  at::Tensor dx = at::empty(x.sizes(), x.options(), at::MemoryFormat::ChannelsLast);
  const std::vector<float> no_bias(static_cast<std::size_t>(shape.in));
  run(back, weight, true, no_bias.data(), pointer(dy), nullptr, pointer(dx), x.size(0));
  return dx;
}

ParameterGradients Winograd::gradients_of_parameters(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight) {
  thread_local Kept kept_scratch;
  const WinogradShape shape = shape_of(x, weight);
  ParameterGradients out(weight);
  std::byte* const scratch = kept_scratch.at_least(winograd_gradient_scratch_bytes(shape, x.size(0)));
  winograd_gradient(kernel_isa(), shape, pointer(x), pointer(dy), x.size(0), out.weight.data_ptr<float>(),
                    out.bias.data_ptr<float>(), scratch);
  return out;
}

// One affine map for every pixel.
struct Pointwise {
  const PointwiseShape shape;
  const std::int64_t pixels;
  std::byte* const scratch;

  Pointwise(const at::Tensor& x, const at::Tensor& weight)
      : shape{weight.size(1), weight.size(0)}, pixels(x.numel() / x.size(1)), scratch(memory(pointwise_scratch_bytes(shape))) {}

  static std::byte* memory(std::size_t bytes) {
    thread_local Kept kept;
    return kept.at_least(bytes);
  }

  static at::Tensor forward(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added) {
    const Pointwise it(x, weight);
    at::Tensor y = at::empty({x.size(0), it.shape.out, x.size(2), x.size(3)}, x.options(), at::MemoryFormat::ChannelsLast);
    pointwise_run(it.shape, pointer(x), weight.data_ptr<float>(), bias.data_ptr<float>(),
                  added.defined() ? pointer(added) : nullptr, it.pixels, pointer(y), it.scratch);
    return y;
  }

  static at::Tensor gradient_of_x(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight) {
    const Pointwise it(x, weight);
    at::Tensor dx = at::empty(x.sizes(), x.options(), at::MemoryFormat::ChannelsLast);
    pointwise_gradient_of_x(it.shape, pointer(dy), weight.data_ptr<float>(), it.pixels, pointer(dx), it.scratch);
    return dx;
  }

  static ParameterGradients gradients_of_parameters(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight) {
    const Pointwise it(x, weight);
    ParameterGradients out(weight);
    pointwise_gradient_of_weights(it.shape, pointer(x), pointer(dy), it.pixels, out.weight.data_ptr<float>(),
                                  out.bias.data_ptr<float>(), it.scratch);
    return out;
  }
};

template <class Kernels>
class Convolution : public torch::autograd::Function<Convolution<Kernels>> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                            const c10::optional<at::Tensor>& added) {
    context->save_for_backward({x, weight});
    context->saved_data["added"] = added.has_value();
    return Kernels::forward(x, weight, bias, added.value_or(at::Tensor()));
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const at::NoGradGuard no_grad;
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1];
    const at::Tensor dy = gradients[0].to(at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
    const ParameterGradients parameters = Kernels::gradients_of_parameters(dy, x, weight);
    return {Kernels::gradient_of_x(dy, x, weight), parameters.weight, parameters.bias,
            context->saved_data["added"].toBool() ? dy : at::Tensor()};
  }
};

template <class Kernels>
at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added) {
  const at::Tensor dense = x.contiguous(at::MemoryFormat::ChannelsLast);
  c10::optional<at::Tensor> plus;
  if (added.defined()) plus = added.contiguous(at::MemoryFormat::ChannelsLast);
  if (at::GradMode::is_enabled() && (weight.requires_grad() || x.requires_grad()))
    return Convolution<Kernels>::apply(dense, weight, bias, plus);
  return Kernels::forward(dense, weight, bias, plus.value_or(at::Tensor()));
}

}  // namespace

bool can_convolve_3x3(const at::Tensor& x, const at::Tensor& weight) {
  if (!x.device().is_cpu() || x.scalar_type() != at::kBFloat16 || weight.scalar_type() != at::kFloat) return false;
  if (weight.size(2) != 3 || weight.size(3) != 3 || !weight.is_contiguous(at::MemoryFormat::ChannelsLast)) return false;
  const WinogradShape shape = shape_of(x, weight);
  return has_winograd_packing(kernel_isa(), shape) && has_winograd_gradient(kernel_isa(), shape) && x.size(0) > 0;
}

bool can_convolve_1x1(const at::Tensor& x, const at::Tensor& weight) {
  if (!x.device().is_cpu() || x.scalar_type() != at::kBFloat16 || weight.scalar_type() != at::kFloat) return false;
  const bool dense = weight.stride(0) == weight.size(1) && weight.stride(1) == 1;
  return dense && weight.size(2) == 1 && weight.size(3) == 1 && has_pointwise(kernel_isa(), {weight.size(1), weight.size(0)}) &&
         x.numel() > 0;
}

at::Tensor convolve_3x3(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added) {
  return convolve<Winograd>(x, weight, bias, added);
}

at::Tensor convolve_1x1(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added) {
  return convolve<Pointwise>(x, weight, bias, added);
}

}  // namespace kiln
