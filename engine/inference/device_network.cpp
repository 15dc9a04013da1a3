#include "engine/inference/device_network.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <vector>

#include "engine/inference/graph_network.h"
#include "engine/network/weight_drawing.h"

namespace kiln {
namespace {

template <class Items>
void copy_values(const Items& from, const Items& to) {
  for (std::size_t i = 0; i < from.size(); ++i) to[i].set_data(from[i].detach().clone());
}

std::shared_ptr<Network> make_copy(const Model& model, c10::Device device, bool bf16) {
  const at::NoGradGuard no_grad;
  const auto lock = lock_weight_drawing();
  auto network = find_network(model.network_id).make(model.shape, model.network_params);
  copy_values(model.network->parameters(), network->parameters());
  copy_values(model.network->buffers(), network->buffers());
  network->to(device);
  network->eval();
  return bf16 ? make_graph_network(std::move(network), at::kBFloat16) : network;
}

struct Copy {
  std::weak_ptr<Network> of;
  c10::Device device;
  bool bf16;
  std::weak_ptr<Network> network;
};

}  // namespace

std::shared_ptr<Network> device_network(const Model& model, c10::Device device, bool bf16) {
  thread_local std::vector<Copy> copies;
  std::erase_if(copies, [](const Copy& copy) { return copy.of.expired() || copy.network.expired(); });
  for (const Copy& copy : copies) {
    if (copy.of.lock() == model.network && copy.device == device && copy.bf16 == bf16) return copy.network.lock();
  }
  auto network = make_copy(model, device, bf16);
  copies.push_back({model.network, device, bf16, network});
  return network;
}

}  // namespace kiln
