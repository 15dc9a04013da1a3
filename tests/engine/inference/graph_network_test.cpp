#include "engine/inference/graph_network.h"

#include "engine/network/blocks/tiling.h"
#include "tests/engine/inference/networks.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

TEST_CASE("a network's graph computes what the network computes, in fp32 and about that in bf16") {
  const at::NoGradGuard no_grad;
  for (const Net& net : kNets) {
    CAPTURE(net.network);
    CAPTURE(net.shape.width);
    const Model model = random_model(net);
    const at::Tensor x = random_x(model, 5), condition = random_condition(5, net.shape), t = at::linspace(0.01, 0.99, 5);
    const auto wide = make_graph_network(model.network, at::kFloat), narrow = make_graph_network(model.network, at::kBFloat16);
    for (const Tiling tiling : {Tiling{}, Tiling{true, false}, Tiling{true, true}}) {
      const TilingScope scope(tiling);
      const at::Tensor expected = model.network->forward(x, t, condition);
      CHECK(relative(wide->forward(x, t, condition), expected) < 1e-4);
      const at::Tensor rounded = narrow->forward(x, t, condition);
      CHECK((rounded.scalar_type() == at::kFloat));
      const double error = ((rounded - expected).norm() / expected.norm()).item<double>();
      CHECK(error < 0.08);
      CHECK(error > 1e-6);
    }
  }
}
