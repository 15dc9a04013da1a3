#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>
#include <vector>

#include "engine/network/kernels/row_product.h"
#include "engine/network/network.h"

namespace kiln {

// What time and condition come down to in a network, the modulation of its graph, computed for a whole run at once: it depends on
// step and condition only. Sprites with the same condition share a row. Long runs are computed in pieces, so that
// memory stays bounded.
class ModulationTable {
 public:
  // graph: the network's.
  ModulationTable(std::shared_ptr<Network> network, const NetworkGraph& graph);

  // times: t of each step, 0 … 1. condition: [B, K].
  void begin(std::vector<double> times, const at::Tensor& condition);

  // The rows of one step, [conditions, M] fp32; row_of tells which is whose.
  at::Tensor rows(int step);

  int row_of(int sprite) const { return row_of_[static_cast<std::size_t>(sprite)]; }

 private:
  void compute(int first_step);

  std::shared_ptr<Network> network_;
  std::optional<RowProduct> product_;  // none: the embedding is the modulation
  Activation activation_;
  std::int64_t width_;  // M
  std::vector<double> times_;
  at::Tensor conditions_;  // [conditions, K], all different; the first is the null condition
  std::vector<int> row_of_;
  at::Tensor table_;  // [steps of the piece · conditions, M]
  int table_first_ = 0, table_steps_ = 0;
};

}  // namespace kiln
