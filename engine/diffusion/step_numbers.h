#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <array>
#include <initializer_list>
#include <limits>
#include <utility>
#include <vector>

#include "engine/diffusion/noise_source.h"
#include "engine/diffusion/outline.h"
#include "engine/diffusion/output_head.h"
#include "engine/diffusion/run_steps.h"

namespace kiln {

// A step of sampling as numbers: x0 = x · kX0OfX + prediction · kX0OfPrediction, clamped between kLowest and kHighest; the next
// x = x · kXOfX + prediction · kXOfPrediction + x0 · kXOfX0 + previous x0 · kXOfPrevious + fresh noise · kXOfNoise. With a mask,
// what is kept becomes init · kKeptOfInit + fresh noise · kKeptOfNoise, and all of x then x · kAgainOfX + fresh noise ·
// kAgainOfNoise.
enum StepNumber : std::size_t {
  kTime,  // step / T
  kGuidance,
  kRescale,
  kX0OfX,
  kX0OfPrediction,
  kLowest,
  kHighest,
  kXOfX,
  kXOfPrediction,
  kXOfX0,
  kXOfPrevious,
  kXOfNoise,
  kKeptOfInit,
  kKeptOfNoise,
  kAgainOfX,
  kAgainOfNoise,
  kStepNumbers
};
using StepNumbers = std::array<double, kStepNumbers>;

// Of each of the run's S steps. length: T, of the schedule. Throws Failure(kInvalidArgument) for a level at which the step's x0 or
// ε does not exist.
std::vector<StepNumbers> step_numbers(const RunSteps& steps, Prediction prediction, const RunConfig& config, int length);

// What depends on the run's configuration in the operations themselves.
struct StepKind {
  bool guided = false;    // both halves of guidance, else the condition alone
  bool rescaled = false;  // guidance keeps a share of the conditional output's standard deviation
  bool noisy = false;     // the sampler adds fresh noise at some step
  bool masked = false;    // part of the init image is kept
  bool again = false;     // some steps are done again
  bool mirrored = false;  // x0 is made symmetric
  Outline outline = Outline::kOff;
  int sharpness = 0;  // of a palette head

  friend bool operator==(const StepKind&, const StepKind&) = default;
};

StepKind step_kind(const RunSteps& steps, const RunConfig& config, const OutputHead& head, int step);

// What a step reads and writes beside the network's output, [B, C, H, W]. All but x may be undefined where they have no part in it.
struct StepTensors {
  at::Tensor x;                                                    // x_t
  at::Tensor x0;                                                   // the step before's prediction
  at::Tensor init, mask;                                           // conditioning.h; the mask [1 or B, 1, H, W] bool
  at::Tensor noise = {}, noise_of_kept = {}, noise_of_again = {};  // fresh
};

// Draws the fresh noise of a step, that which its numbers have a use for, in this order: noise, noise_of_kept, noise_of_again.
// take(which, drawn).
template <class Take>
void draw_noise(NoiseSource& source, const StepNumbers& numbers, const Take& take) {
  if (numbers[kXOfNoise] != 0) take(&StepTensors::noise, source.draw());
  if (numbers[kKeptOfNoise] != 0) take(&StepTensors::noise_of_kept, source.draw());
  if (numbers[kAgainOfNoise] != 0) take(&StepTensors::noise_of_again, source.draw());
}

// A tensor times one of the step's numbers. One that is undefined is left out.
struct StepTerm {
  const at::Tensor& tensor;
  StepNumber number;
};

// The arithmetic of a step with numbers that the host knows. Products and sums are operations of their own: each is then rounded
// the same way in a vector register and in a loop's tail, and a sprite does not depend on where in a batch it lies.
class HostArithmetic {
 public:
  explicit HostArithmetic(const StepNumbers& numbers) : numbers_(numbers) {}
  double number(StepNumber which) const { return numbers_[which]; }
  at::Tensor sum(std::initializer_list<StepTerm> terms) const;  // without those whose number is 0
  at::Tensor clamped(const at::Tensor& x0) const;
  at::Tensor between(const at::Tensor& null, const at::Tensor& difference) const;
  at::Tensor deviation(const at::Tensor& output) const;  // of each sprite, [B, 1, 1, 1], from that sprite's values alone

 private:
  const StepNumbers& numbers_;
};

// The same with numbers that the device reads from a row of a table, [1, kStepNumbers]: no operation depends on them.
class TableArithmetic {
 public:
  explicit TableArithmetic(at::Tensor row) : row_(std::move(row)) {}
  at::Tensor number(StepNumber which) const { return row_.select(1, static_cast<std::int64_t>(which)); }  // [1]
  at::Tensor sum(std::initializer_list<StepTerm> terms) const;
  at::Tensor clamped(const at::Tensor& x0) const;
  at::Tensor between(const at::Tensor& null, const at::Tensor& difference) const;
  at::Tensor deviation(const at::Tensor& output) const;

 private:
  at::Tensor row_;
};

// Guidance (guidance.h) on [2B, O, H, W], the conditional half first. Returns [B, O, H, W].
template <class Arithmetic>
at::Tensor guided(const Arithmetic& arithmetic, const at::Tensor& output, bool rescaled) {
  const auto halves = output.chunk(2, 0);
  at::Tensor combined = arithmetic.between(halves[1], halves[0] - halves[1]);
  if (!rescaled) return combined;
  const at::Tensor ratio =
      arithmetic.deviation(halves[0]) / arithmetic.deviation(combined).clamp_min(std::numeric_limits<float>::min());
  return combined * (ratio * arithmetic.number(kRescale) + (1 - arithmetic.number(kRescale)));
}

// The mean of pictures and their mirror images, left to right; the same to the last bit on both sides.
inline at::Tensor symmetric(const at::Tensor& pictures) { return (pictures + pictures.flip({3})) * 0.5; }

struct Stepped {
  at::Tensor x, x0;  // the next x, and this step's prediction of the sprites
};

// What a mask does to x after a step.
template <class Arithmetic>
at::Tensor with_kept(const Arithmetic& arithmetic, const StepKind& kind, const StepTensors& in, at::Tensor x) {
  if (!kind.masked) return x;
  x = at::where(in.mask, x, arithmetic.sum({{in.init, kKeptOfInit}, {in.noise_of_kept, kKeptOfNoise}}));
  return kind.again ? arithmetic.sum({{x, kAgainOfX}, {in.noise_of_again, kAgainOfNoise}}) : x;
}

// One step from the network's raw output.
template <class Arithmetic>
Stepped stepped(const Arithmetic& arithmetic, const StepKind& kind, const OutputHead& head, const at::Tensor& output,
                const StepTensors& in) {
  const at::Tensor to_guide = head.to_guide(output);
  const at::Tensor prediction = head(kind.guided ? guided(arithmetic, to_guide, kind.rescaled) : to_guide, kind.sharpness);
  const at::Tensor predicted = arithmetic.sum({{in.x, kX0OfX}, {prediction, kX0OfPrediction}});
  const at::Tensor x0 = outlined(kind.outline, arithmetic.clamped(kind.mirrored ? symmetric(predicted) : predicted));
  at::Tensor x =
      arithmetic.sum({{in.x, kXOfX}, {prediction, kXOfPrediction}, {x0, kXOfX0}, {in.x0, kXOfPrevious}, {in.noise, kXOfNoise}});
  return {with_kept(arithmetic, kind, in, std::move(x)), x0};
}

}  // namespace kiln
