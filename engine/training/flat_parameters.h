#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <functional>
#include <memory>
#include <vector>

namespace torch::autograd {
struct Node;
}

namespace kiln {

// A network's parameters moved into one contiguous vector, so that optimiser, EMA, clipping, sums of gradients and checkpoints
// are one pass each. The network's own tensors become views of it, with their strides.
class FlatParameters {
 public:
  // Moves the parameters of `module`. With `share`, they become views of that vector instead (a replica on the same weights).
  explicit FlatParameters(torch::nn::Module& module, const at::Tensor& share = {});

  const at::Tensor& values() const { return values_; }        // [P] fp32
  const at::Tensor& gradients() const { return gradients_; }  // [P] fp32; backward() adds to it
  // The gradients so far; from then on backward() adds to zeros. Their memory is used again once nobody holds the tensor.
  at::Tensor take_gradients();
  // Of each parameter, as they lie in the flat vectors.
  std::vector<std::int64_t> sizes() const;
  // From now on calls `found` each time that backward() has added a parameter's whole gradient, on the thread that does; not for
  // parameters that have none.
  void on_gradient(const std::function<void(std::size_t parameter)>& found);
  // [P] fp32: 1 where weight decay applies (tensors of two dimensions and more), else 0.
  at::Tensor decay_mask() const;
  // `flat` cut into the shapes of the parameters, in the module's order of names.
  std::vector<std::pair<std::string, at::Tensor>> named(const at::Tensor& flat) const;

 private:
  struct Slice {
    std::string name;
    std::int64_t offset, size;
    std::vector<std::int64_t> shape, strides;
  };

  void point_gradients();

  std::vector<Slice> slices_;
  std::vector<at::Tensor> parameters_;
  at::Tensor values_, gradients_, spare_;
  std::vector<std::shared_ptr<torch::autograd::Node>>
      accumulators_;  // autograd keeps them, and what they call, no longer than we do
};

}  // namespace kiln
