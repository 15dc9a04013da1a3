#pragma once

#include <memory>

#include "engine/network/network.h"

namespace kiln {

// Computes what `network` computes, by its graph, with LibTorch's operations: the large ones in `type`, on the network's device, on
// channels-last memory, with nothing converted in between. For sampling only. Keeps the network, for its embedding.
std::shared_ptr<Network> make_graph_network(std::shared_ptr<Network> network, at::ScalarType type);

}  // namespace kiln
