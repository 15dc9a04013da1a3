#include "engine/network/blocks/named_layers.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/base/error.h"

namespace kiln {
namespace {

class Branch : public torch::nn::Module {};

at::Tensor uniform(at::IntArrayRef shape, int fan_in) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(fan_in));
  return at::empty(shape).uniform_(-bound, bound);
}

}  // namespace

Place Place::operator/(const std::string& name) const {
  for (const auto& child : module_->named_children()) {
    if (child.key() == name) return Place(*child.value());
  }
  return Place(*module_->register_module(name, std::make_shared<Branch>()));
}

GroupNormImpl::GroupNormImpl(int groups_, int channels, double eps_) : groups(groups_), eps(eps_) {
  if (groups < 1 || channels % groups != 0) {
    throw Failure(ErrorCode::kUnsupported,
                  std::to_string(channels) + " channels cannot be normalised in " + std::to_string(groups) + " groups",
                  "choose another number of channels or groups");
  }
  weight = register_parameter("weight", at::ones({channels}));
  bias = register_parameter("bias", at::zeros({channels}));
}

at::Tensor GroupNormImpl::forward(const at::Tensor& x) { return at::group_norm(x, groups, weight, bias, eps, false); }

BatchNormImpl::BatchNormImpl(int channels) {
  weight = register_parameter("weight", at::ones({channels}));
  bias = register_parameter("bias", at::zeros({channels}));
  running_mean = register_buffer("running_mean", at::zeros({channels}));
  running_var = register_buffer("running_var", at::ones({channels}));
}

at::Tensor BatchNormImpl::forward(const at::Tensor& x) {
  return at::batch_norm(x, weight, bias, running_mean, running_var, is_training(), kBatchNormMomentum, kBatchNormEps, false);
}

TileConvImpl::TileConvImpl(int in, int out, int side) {
  weight = register_parameter("weight", uniform({in, out, side, side}, out * side * side));
  bias = register_parameter("bias", uniform({out}, out * side * side));
}

at::Tensor TileConvImpl::forward(const at::Tensor& x) { return at::conv_transpose2d(x, weight, bias, weight.size(2)); }

PixelDenseImpl::PixelDenseImpl(int in, int out) {
  weight = register_parameter("weight", uniform({out, in, 1}, in));
  bias = register_parameter("bias", uniform({out}, in));
}

at::Tensor PixelDenseImpl::forward(const at::Tensor& x) { return at::conv1d(x, weight, bias); }

TableImpl::TableImpl(int rows, int columns) { weight = register_parameter("weight", at::randn({rows, columns})); }

}  // namespace kiln
