#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "engine/diffusion/conditioning.h"
#include "engine/diffusion/denoiser.h"
#include "engine/diffusion/noise_source.h"
#include "engine/diffusion/output_head.h"
#include "engine/diffusion/run_steps.h"
#include "engine/diffusion/step_numbers.h"

namespace kiln {

// One run from noise, or from an init image with noise, to sprites, a step at a time. Every coefficient is computed before the
// first step.
class DenoisingLoop {
 public:
  // noise: its first draw is x_T [B, C, H, W], or what is put on the init image. The denoiser must outlive the loop.
  // Throws Failure(kInvalidArgument): steps that the schedule does not have, an unknown sampler or parameter, ε prediction at a
  // level without signal.
  DenoisingLoop(const NoiseSchedule& schedule, OutputHead head, const RunConfig& config, Denoiser& denoiser,
                const Conditioning& conditioning, std::unique_ptr<NoiseSource> noise);

  // One step: exactly one call of the denoiser. Not after done().
  void step();

  bool done() const { return steps_done_ == total(); }
  int steps_done() const { return steps_done_; }
  int total() const { return steps_.total(); }

  const at::Tensor& x() const { return x_; }  // [B, C, H, W]; when done, the sprites
  const at::Tensor& x0() const {
    return x0_;
  }  // the newest prediction of the sprites, clamped if so configured; undefined before
     // the first step

  const std::vector<int>& timesteps() const { return steps_.timesteps; }       // the noisiest first
  const std::vector<double>& alphas_bar() const { return steps_.alphas_bar; }  // of each step, then 1

 private:
  OutputHead head_;
  RunConfig config_;
  Denoiser& denoiser_;
  std::unique_ptr<NoiseSource> noise_;
  RunSteps steps_;
  std::vector<StepNumbers> numbers_;  // of each step
  int steps_done_ = 0;
  at::Tensor x_;
  at::Tensor x0_;
  at::Tensor init_, mask_;  // as x, if part of the init image is kept
};

}  // namespace kiln
