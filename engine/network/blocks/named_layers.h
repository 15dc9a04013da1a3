#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <memory>
#include <string>

namespace kiln {

// A place in a network's tree of modules. Networks that other projects also have are built along it, so that their weights bear the
// names that those projects' files use.
class Place {
 public:
  explicit Place(torch::nn::Module& module) : module_(&module) {}

  // The branch of that name, made if there is none yet.
  Place operator/(const std::string& name) const;
  Place operator/(std::size_t index) const { return *this / std::to_string(index); }

  template <class Holder>
  Holder put(const std::string& name, Holder layer) const {
    return module_->register_module(name, std::move(layer));
  }

 private:
  torch::nn::Module* module_;
};

// GroupNorm (Wu & He 2018) with a given number of groups.
class GroupNormImpl : public torch::nn::Module {
 public:
  // Throws Failure(kUnsupported) unless the groups divide the channels.
  GroupNormImpl(int groups, int channels, double eps = 1e-5);
  at::Tensor forward(const at::Tensor& x);  // [B, C, …]

  at::Tensor weight, bias;  // [C]
  int groups;
  double eps;
};
TORCH_MODULE(GroupNorm);

constexpr double kBatchNormMomentum = 0.1;  // share of a pass in the running statistics
constexpr double kBatchNormEps = 1e-5;      // added to the variance

// BatchNorm (Ioffe & Szegedy 2015) with running statistics.
class BatchNormImpl : public torch::nn::Module {
 public:
  explicit BatchNormImpl(int channels);
  at::Tensor forward(const at::Tensor& x);  // [B, C, H, W]

  at::Tensor weight, bias, running_mean, running_var;  // [C]
};
TORCH_MODULE(BatchNorm);

// Transposed convolution whose stride is its kernel: each pixel becomes a tile.
class TileConvImpl : public torch::nn::Module {
 public:
  TileConvImpl(int in, int out, int side);
  at::Tensor forward(const at::Tensor& x);  // [B, in, H, W] → [B, out, H·side, W·side]

  at::Tensor weight, bias;  // [in, out, side, side], [out]
};
TORCH_MODULE(TileConv);

// One affine map for every pixel of a row of pixels, stored as a convolution of width 1.
class PixelDenseImpl : public torch::nn::Module {
 public:
  PixelDenseImpl(int in, int out);
  at::Tensor forward(const at::Tensor& x);  // [B, in, N] → [B, out, N]

  at::Tensor weight, bias;  // [out, in, 1], [out]
};
TORCH_MODULE(PixelDense);

// A table of embeddings: a module of its own only for its name.
class TableImpl : public torch::nn::Module {
 public:
  TableImpl(int rows, int columns);

  at::Tensor weight;  // [rows, columns]
};
TORCH_MODULE(Table);

}  // namespace kiln
