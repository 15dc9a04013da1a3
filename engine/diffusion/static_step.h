#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "engine/diffusion/run_steps.h"

namespace kiln {

// A step of DenoisingLoop as one unchanging sequence of operations on memory that stays where it is: what differs from step to step
// is read from a table, and which row of it comes next lies beside it. So the sequence can be recorded once, as a CUDA graph, and
// repeated for every step of every run.

// What the sequence depends on.
struct StepKind {
  bool guided = false;    // both halves of guidance, else the condition alone
  bool rescaled = false;  // guidance keeps a share of the conditional output's standard deviation
  bool noisy = false;     // the sampler adds fresh noise

  friend bool operator==(const StepKind&, const StepKind&) = default;
};

StepKind step_kind(const RunSteps& steps, const RunConfig& config, int step);

// The numbers of all steps of a run, [S, kStepColumns] double. length: T, of the schedule. Throws Failure(kInvalidArgument) for a
// level at which the step's ε does not exist.
at::Tensor step_table(const RunSteps& steps, Prediction prediction, const RunConfig& config, int length);
constexpr int kStepColumns = 12;

// The memory of a run of B sprites, all on one device.
struct StepState {
  at::Tensor table;      // [at least S, kStepColumns], begins with the run's
  at::Tensor next;       // [1] int64, the row of the next step
  at::Tensor condition;  // [2B, K], the second half null
  at::Tensor x;          // [B, C, H, W], x_t of the next step
  at::Tensor x0;         // [B, C, H, W], the newest prediction
  at::Tensor noise;      // [B, C, H, W], fresh noise for the next step, if it takes any

  // Everything zero, for tables of up to `rows` steps; `options` say device and type.
  static StepState make(at::IntArrayRef shape, std::int64_t classes, std::int64_t rows, const at::TensorOptions& options);
};

// The raw output for x [N, C, H, W], t [N] as step / T, condition [N, K].
using StepNetwork = std::function<at::Tensor(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition)>;

// Does the step `next` in place, and moves on to the one after. No value is read by the host.
void static_step(const StepState& state, const StepKind& kind, const StepNetwork& network);

}  // namespace kiln
