#include "engine/diffusion/static_step.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace kiln {

at::Tensor step_table(const std::vector<StepNumbers>& numbers) {
  at::Tensor table = at::empty({static_cast<std::int64_t>(numbers.size()), kStepNumbers}, at::kDouble);
  double* out = table.data_ptr<double>();
  for (const StepNumbers& row : numbers) out = std::copy(row.begin(), row.end(), out);
  return table;
}

StepState StepState::make(at::IntArrayRef shape, std::int64_t classes, std::int64_t rows, const at::TensorOptions& options) {
  StepState state;
  state.table = at::zeros({rows, kStepNumbers}, options);
  state.next = at::zeros({1}, options.dtype(at::kLong));
  state.condition = at::zeros({2 * shape[0], classes}, options);
  for (at::Tensor* tensor : {&state.x, &state.x0, &state.init, &state.noise, &state.noise_of_kept, &state.noise_of_again})
    *tensor = at::zeros(shape, options);
  state.mask = at::zeros({1, 1, shape[2], shape[3]}, options.dtype(at::kBool));
  return state;
}

void static_step(const StepState& state, const StepKind& kind, const StepNetwork& network, const OutputHead& head) {
  const at::NoGradGuard no_grad;
  const auto sprites = state.x.size(0), rows = kind.guided ? 2 * sprites : sprites;
  const TableArithmetic arithmetic(state.table.index_select(0, state.next));
  const at::Tensor x = kind.guided ? at::cat({state.x, state.x}) : state.x;
  const at::Tensor output =
      network(x, arithmetic.number(kTime).repeat({rows}), state.condition.narrow(0, 0, rows)).to(state.x.scalar_type());
  StepTensors in = state;
  if (!kind.noisy) in.noise = at::Tensor();
  const Stepped next = stepped(arithmetic, kind, head, output, in);
  state.x.copy_(next.x);
  state.x0.copy_(next.x0);
  state.next.add_(1);
}

}  // namespace kiln
