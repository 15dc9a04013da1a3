#include "engine/network/kernels/convolution.h"

#include <torch/torch.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/network/kernels/winograd.h"

namespace kiln {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

WinogradShape shape_of(const at::Tensor& x, const at::Tensor& weight) {
  return {x.size(2), x.size(3), weight.size(1), weight.size(0)};
}

Bf16* pointer(const at::Tensor& tensor) { return static_cast<Bf16*>(tensor.data_ptr()); }

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

at::Tensor run_forward(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added) {
  const WinogradShape shape = shape_of(x, weight);
  const at::Tensor y = at::empty({x.size(0), shape.out, shape.height, shape.width}, x.options(), at::MemoryFormat::ChannelsLast);
  run(shape, weight, false, bias.data_ptr<float>(), pointer(x), added.defined() ? pointer(added) : nullptr, pointer(y), x.size(0));
  return y;
}

// The gradient of x: the same convolution, from the result's channels back, with the kernels turned.
at::Tensor gradient_of_x(const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight) {
  const WinogradShape shape = shape_of(x, weight), back{shape.height, shape.width, shape.out, shape.in};
  const at::Tensor dx = at::empty(x.sizes(), x.options(), at::MemoryFormat::ChannelsLast);
  const std::vector<float> no_bias(static_cast<std::size_t>(shape.in));
  run(back, weight, true, no_bias.data(), pointer(dy), nullptr, pointer(dx), x.size(0));
  return dx;
}

class Convolution3x3 : public torch::autograd::Function<Convolution3x3> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                            const c10::optional<at::Tensor>& added) {
    context->save_for_backward({x, weight});
    context->saved_data["added"] = added.has_value();
    return run_forward(x, weight, bias, added.value_or(at::Tensor()));
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const at::NoGradGuard no_grad;
    const auto saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1];
    const at::Tensor dy = gradients[0].to(at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
    // Only its shape and type are looked at: the gradient of x is not asked for.
    const at::Tensor like = at::empty(weight.sizes(), x.options(), at::MemoryFormat::ChannelsLast);
    const auto of_weight = at::convolution_backward(dy, x, like, at::IntArrayRef{weight.size(0)}, {1, 1}, {1, 1}, {1, 1}, false,
                                                    {0, 0}, 1, {false, true, true});
    return {gradient_of_x(dy, x, weight), std::get<1>(of_weight), std::get<2>(of_weight),
            context->saved_data["added"].toBool() ? dy : at::Tensor()};
  }
};

}  // namespace

bool can_convolve_3x3(const at::Tensor& x, const at::Tensor& weight) {
  if (!x.device().is_cpu() || x.scalar_type() != at::kBFloat16 || weight.scalar_type() != at::kFloat) return false;
  if (weight.size(2) != 3 || weight.size(3) != 3 || !weight.is_contiguous(at::MemoryFormat::ChannelsLast)) return false;
  const WinogradShape shape = shape_of(x, weight);
  return has_winograd_packing(kernel_isa(), shape) && x.size(0) > 0;
}

at::Tensor convolve_3x3(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& added) {
  const at::Tensor dense = x.contiguous(at::MemoryFormat::ChannelsLast);
  c10::optional<at::Tensor> plus;
  if (added.defined()) plus = added.contiguous(at::MemoryFormat::ChannelsLast);
  if (at::GradMode::is_enabled() && (weight.requires_grad() || x.requires_grad()))
    return Convolution3x3::apply(dense, weight, bias, plus);
  return run_forward(dense, weight, bias, plus.value_or(at::Tensor()));
}

}  // namespace kiln
