#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

namespace kiln {

// What a network keeps beside its parameters (running statistics of BatchNorm), as one vector [Q] fp32 in the module's order of
// names; Q is 0 for most networks.
at::Tensor read_buffers(const torch::nn::Module& module);

// The reverse. `flat` must be as long as read_buffers gives.
void write_buffers(torch::nn::Module& module, const at::Tensor& flat);

}  // namespace kiln
