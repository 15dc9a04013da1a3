#pragma once

#include <functional>
#include <memory>

#include "engine/diffusion/denoiser.h"
#include "engine/network/model.h"

// What speed is measured against. Nothing else uses these.
namespace kiln {

// A network as the usual PyTorch program computes it, operator by operator, fp32, [B, C, H, W] planar, differentiable: group_norm,
// multiply, add, silu, concatenate. Arguments and result as Network::forward, which is just that for all but KilnUnet.
at::Tensor baseline_forward(Network& network, const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition);

// A copy of the model's network with its weights laid out as such a program has them.
std::shared_ptr<Network> baseline_network(const Model& model);

// baseline_forward, called twice for a guided step.
std::unique_ptr<Denoiser> make_baseline_denoiser(const Model& model, c10::Device device = c10::kCPU);

// The convolutions of one evaluation of `pictures` pictures and nothing else, on one thread, ready to be called again and again.
// For sampling: oneDNN's with packed weights (LibTorch's in a build without it). For training: LibTorch's, forward and both
// backward.
std::function<void()> convolutions_only(const Model& model, bool bf16, int pictures, bool training);

}  // namespace kiln
