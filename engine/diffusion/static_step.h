#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "engine/diffusion/step_numbers.h"

namespace kiln {

// A step of DenoisingLoop as one unchanging sequence of operations on memory that stays where it is: what differs from step to step
// is read from a table, and which row of it comes next lies beside it. So the sequence can be recorded once, as a CUDA graph, and
// repeated for every step of every run.

// The numbers of all steps of a run, [S, kStepNumbers] double.
at::Tensor step_table(const std::vector<StepNumbers>& numbers);

// The memory of a run of B sprites, all on one device: x_t of the next step, the newest prediction x0, and what else a step takes.
struct StepState : StepTensors {
  at::Tensor table;      // [at least S, kStepNumbers], begins with the run's
  at::Tensor next;       // [1] int64, the row of the next step
  at::Tensor condition;  // [2B, K], the second half negative

  // Everything zero, for tables of up to `rows` steps; `options` say device and type.
  static StepState make(at::IntArrayRef shape, std::int64_t classes, std::int64_t rows, const at::TensorOptions& options);
};

// The raw output [N, O, H, W] for x [N, C, H, W], t [N] as step / T, condition [N, K].
using StepNetwork = std::function<at::Tensor(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition)>;

// Does the step `next` in place, and moves on to the one after. No value is read by the host.
void static_step(const StepState& state, const StepKind& kind, const StepNetwork& network, const OutputHead& head);

}  // namespace kiln
