#include "engine/training/flat_parameters.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <utility>

namespace kiln {
namespace {

class AfterAccumulation : public torch::autograd::FunctionPostHook {
 public:
  explicit AfterAccumulation(std::function<void()> then) : then_(std::move(then)) {}
  torch::autograd::variable_list operator()(const torch::autograd::variable_list& outputs,
                                            const torch::autograd::variable_list&) override {
    then_();
    return outputs;
  }

 private:
  std::function<void()> then_;
};

}  // namespace

FlatParameters::FlatParameters(torch::nn::Module& module, const at::Tensor& share) {
  std::int64_t total = 0;
  auto parameters = module.named_parameters();
  for (const auto& entry : parameters) {
    const at::Tensor& p = entry.value();
    slices_.push_back({entry.key(), total, p.numel(), p.sizes().vec(), p.strides().vec()});
    total += p.numel();
  }
  const auto options = parameters.front().value().options().dtype(at::kFloat).requires_grad(false);
  values_ = share.defined() ? share : at::empty({total}, options);
  gradients_ = at::zeros({total}, options);
  at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < slices_.size(); ++i) {
    const auto& slice = slices_[i];
    at::Tensor& p = parameters[i].value();
    const at::Tensor view = values_.as_strided(slice.shape, slice.strides, slice.offset);
    if (!share.defined()) view.copy_(p);
    p.set_data(view);
    parameters_.push_back(p);
  }
  point_gradients();
}

void FlatParameters::point_gradients() {
  for (std::size_t i = 0; i < slices_.size(); ++i)
    parameters_[i].mutable_grad() = gradients_.as_strided(slices_[i].shape, slices_[i].strides, slices_[i].offset);
}

at::Tensor FlatParameters::take_gradients() {
  const at::NoGradGuard no_grad;
  const at::Tensor taken = gradients_;
  const bool held = spare_.defined() && spare_.use_count() > 1;
  gradients_ = spare_.defined() && !held ? spare_.zero_() : at::zeros_like(gradients_);
  spare_ = taken;
  point_gradients();
  return taken;
}

std::vector<std::int64_t> FlatParameters::sizes() const {
  std::vector<std::int64_t> sizes;
  for (const auto& slice : slices_) sizes.push_back(slice.size);
  return sizes;
}

void FlatParameters::on_gradient(const std::function<void(std::size_t)>& found) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& accumulator = accumulators_.emplace_back(torch::autograd::impl::grad_accumulator(parameters_[i]));
    accumulator->add_post_hook(std::make_unique<AfterAccumulation>([found, i] { found(i); }));
  }
}

at::Tensor FlatParameters::decay_mask() const {
  at::Tensor mask = at::zeros_like(values_);
  for (const auto& slice : slices_) {
    if (slice.shape.size() >= 2) mask.narrow(0, slice.offset, slice.size).fill_(1.0);
  }
  return mask;
}

std::vector<std::pair<std::string, at::Tensor>> FlatParameters::named(const at::Tensor& flat) const {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (const auto& slice : slices_) tensors.emplace_back(slice.name, flat.as_strided(slice.shape, slice.strides, slice.offset));
  return tensors;
}

}  // namespace kiln
