#pragma once

#include <c10/core/Device.h>

#include <memory>

#include "engine/network/model.h"

namespace kiln {

// A copy of the model's network for sampling on `device`, in evaluation mode; in bf16 by its graph (graph_network.h). The model's
// own network stays where and as it is. Who asks for the same copy while another keeps it shares it: it must not be changed.
std::shared_ptr<Network> device_network(const Model& model, c10::Device device, bool bf16);

}  // namespace kiln
