#include "engine/training/flat_buffers.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace kiln {

at::Tensor read_buffers(const torch::nn::Module& module) {
  std::vector<at::Tensor> parts;
  for (const auto& buffer : module.buffers()) parts.push_back(buffer.detach().to(at::kFloat).flatten());
  return parts.empty() ? at::zeros({0}) : at::cat(parts);
}

void write_buffers(torch::nn::Module& module, const at::Tensor& flat) {
  at::NoGradGuard no_grad;
  std::int64_t offset = 0;
  for (auto& buffer : module.buffers()) {
    buffer.copy_(flat.narrow(0, offset, buffer.numel()).view(buffer.sizes()));
    offset += buffer.numel();
  }
}

}  // namespace kiln
