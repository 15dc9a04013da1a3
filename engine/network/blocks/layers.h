#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

namespace kiln {

enum class Init { kDefault, kZero };

// A square convolution whose weights stay fp32 and are used in the type of its input. "Same" padding.
class ConvImpl : public torch::nn::Module {
 public:
  ConvImpl(int in, int out, int kernel, int stride = 1, Init init = Init::kDefault);
  at::Tensor forward(const at::Tensor& x);  // [B, in, H, W] → [B, out, H / stride, W / stride]
  at::Tensor forward_plus(const at::Tensor& x,
                          const at::Tensor& added);  // the same, plus [B, out, H / stride, W / stride], or nothing

  at::Tensor weight, bias;  // [out, in, k, k], [out]
  int stride, padding;
};
TORCH_MODULE(Conv);

// fp32 affine map.
class DenseImpl : public torch::nn::Module {
 public:
  DenseImpl(int in, int out, Init init = Init::kDefault);
  at::Tensor forward(const at::Tensor& x);  // [B, in] → [B, out]

  at::Tensor weight, bias;  // [out, in], [out]
};
TORCH_MODULE(Dense);

constexpr double kNormEps = 1e-5;  // added to the variance

// GroupNorm (Wu & He 2018), then optionally ·(1 + scale) + shift, then optionally SiLU, in one pass.
class NormImpl : public torch::nn::Module {
 public:
  NormImpl(int channels, int group_channels);
  // scale_shift: undefined or [B, 2C]. factors: undefined or [B, C], the result's.
  at::Tensor forward(const at::Tensor& x, const at::Tensor& scale_shift, bool silu, const at::Tensor& factors = {});

  at::Tensor weight, bias;  // [C]
  int groups;
};
TORCH_MODULE(Norm);

// Multi-head self-attention over pixels, added to its input (Vaswani et al. 2017).
class AttentionImpl : public torch::nn::Module {
 public:
  AttentionImpl(int channels, int head_channels, int group_channels);
  at::Tensor forward(const at::Tensor& x);  // [B, C, H, W]

  Norm norm{nullptr};
  Conv qkv{nullptr}, project{nullptr};
  int heads;
};
TORCH_MODULE(Attention);

// Pre-activation residual block (He et al. 2016) with the embedding as scale and shift of its second norm (Dhariwal & Nichol 2021).
class ResBlockImpl : public torch::nn::Module {
 public:
  struct Options {
    int in, out, embedding, group_channels;
    double dropout;
  };
  explicit ResBlockImpl(const Options& options);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& embedding);  // embedding: [B, E], after SiLU

  Norm norm1{nullptr}, norm2{nullptr};
  Conv conv1{nullptr}, conv2{nullptr};
  Conv shortcut{nullptr};  // 1×1, where the number of channels changes
  Dense modulation{nullptr};
  double dropout;
};
TORCH_MODULE(ResBlock);

// Sinusoids of 1000·t (Vaswani et al. 2017, as in Ho et al. 2020): [B] → [B, channels], sines first.
at::Tensor sinusoidal_embedding(const at::Tensor& t, int channels);

}  // namespace kiln
