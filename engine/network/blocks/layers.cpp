#include "engine/network/blocks/layers.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/network/blocks/attention_recorder.h"
#include "engine/network/blocks/dropout.h"
#include "engine/network/blocks/tiling.h"
#include "engine/network/kernels/attention.h"
#include "engine/network/kernels/convolution.h"
#include "engine/network/kernels/group_norm.h"

namespace kiln {
namespace {

at::Tensor uniform(at::IntArrayRef shape, double bound, Init init) {
  at::Tensor tensor = at::zeros(shape);
  if (init == Init::kDefault) tensor.uniform_(-bound, bound);
  return tensor;
}

}  // namespace

ConvImpl::ConvImpl(int in, int out, int kernel, int stride_, Init init) : stride(stride_), padding(kernel / 2) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(in) * kernel * kernel);
  weight = register_parameter("weight", uniform({out, in, kernel, kernel}, bound, init).contiguous(at::MemoryFormat::ChannelsLast));
  bias = register_parameter("bias", uniform({out}, bound, init));
}

at::Tensor ConvImpl::forward(const at::Tensor& x) { return forward_plus(x, {}); }

at::Tensor ConvImpl::forward_plus(const at::Tensor& x, const at::Tensor& added) {
  if (padding > 0 && current_tiling().any()) {
    const at::Tensor y =
        at::conv2d(padded_for_tiling(x, padding, padding), weight.to(x.scalar_type()), bias.to(x.scalar_type()), stride);
    return added.defined() ? y + added : y;
  }
  if (stride == 1 && can_convolve_3x3(x, weight)) return convolve_3x3(x, weight, bias, added);
  if (stride == 1 && can_convolve_1x1(x, weight)) return convolve_1x1(x, weight, bias, added);
  const at::Tensor y = at::conv2d(x, weight.to(x.scalar_type()), bias.to(x.scalar_type()), stride, padding);
  return added.defined() ? y + added : y;
}

DenseImpl::DenseImpl(int in, int out, Init init) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(in));
  weight = register_parameter("weight", uniform({out, in}, bound, init));
  bias = register_parameter("bias", uniform({out}, bound, init));
}

at::Tensor DenseImpl::forward(const at::Tensor& x) { return at::linear(x, weight, bias); }

NormImpl::NormImpl(int channels, int group_channels) : groups(channels / group_channels) {
  weight = register_parameter("weight", at::ones({channels}));
  bias = register_parameter("bias", at::zeros({channels}));
}

at::Tensor NormImpl::forward(const at::Tensor& x, const at::Tensor& scale_shift, bool silu, const at::Tensor& factors) {
  return group_norm_silu(x, weight, bias, scale_shift, groups, kNormEps, silu, factors);
}

AttentionImpl::AttentionImpl(int channels, int head_channels, int group_channels) : heads(channels / head_channels) {
  norm = register_module("norm", Norm(channels, group_channels));
  qkv = register_module("qkv", Conv(channels, 3 * channels, 1));
  project = register_module("project", Conv(channels, channels, 1, 1, Init::kZero));
}

at::Tensor AttentionImpl::forward(const at::Tensor& x) {
  const at::Tensor parts = qkv(norm(x, at::Tensor(), false));
  if (auto* recorder = AttentionRecorder::current()) recorder->add(attention_weights(parts, heads), x);
  return project->forward_plus(self_attention(parts, heads), x);
}

ResBlockImpl::ResBlockImpl(const Options& options) : dropout(options.dropout) {
  norm1 = register_module("norm1", Norm(options.in, options.group_channels));
  conv1 = register_module("conv1", Conv(options.in, options.out, 3));
  modulation = register_module("modulation", Dense(options.embedding, 2 * options.out));
  norm2 = register_module("norm2", Norm(options.out, options.group_channels));
  conv2 = register_module("conv2", Conv(options.out, options.out, 3, 1, Init::kZero));
  if (options.in != options.out) shortcut = register_module("shortcut", Conv(options.in, options.out, 1));
}

at::Tensor ResBlockImpl::forward(const at::Tensor& x, const at::Tensor& embedding) {
  at::Tensor h = conv1(norm1(x, at::Tensor(), true));
  at::Tensor dropped;
  if (dropout > 0 && is_training()) dropped = channel_factors(h.size(0), h.size(1), dropout, h.device());
  h = norm2(h, modulation(embedding), true, dropped);
  return conv2->forward_plus(h, shortcut.is_empty() ? x : shortcut(x));
}

at::Tensor sinusoidal_embedding(const at::Tensor& t, int channels) {
  const int half = channels / 2;
  const at::Tensor exponents = at::arange(half, t.options()) * (-std::log(10000.0) / half);
  const at::Tensor angles = (t * 1000.0).unsqueeze(1) * at::exp(exponents).unsqueeze(0);
  return at::cat({at::sin(angles), at::cos(angles)}, 1);
}

}  // namespace kiln
