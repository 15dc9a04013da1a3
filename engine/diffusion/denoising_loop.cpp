#include "engine/diffusion/denoising_loop.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "engine/base/error.h"

namespace kiln {
DenoisingLoop::DenoisingLoop(const NoiseSchedule& schedule, Prediction prediction, const RunConfig& config, Denoiser& denoiser,
                             const at::Tensor& condition, std::unique_ptr<NoiseSource> noise)
    : prediction_(prediction),
      config_(config),
      denoiser_(denoiser),
      noise_(std::move(noise)),
      steps_(run_steps(schedule, prediction, config)) {
  const at::NoGradGuard no_grad;
  x_ = noise_->draw();
  if (condition.dim() != 2 || condition.size(0) != x_.size(0)) {
    throw Failure(ErrorCode::kInternal, "conditions and noise are for different numbers of sprites", "please report this");
  }
  denoiser_.begin({timesteps().begin(), timesteps().end()}, condition);
}

void DenoisingLoop::step() {
  if (done()) throw Failure(ErrorCode::kInternal, "a finished run was asked for one more step", "please report this");
  const at::NoGradGuard no_grad;
  const auto index = static_cast<std::size_t>(steps_done_);
  const StepWeights& weights = steps_.weights[index];
  const at::Tensor output = network_output();
  const at::Tensor previous_x0 = x0_;
  x0_ = predicted_x0(prediction_, output, x_, steps_.alphas_bar[index]);
  if (config_.clamp) x0_ = x0_.clamp(-1, 1);
  x_ = apply_step(weights, x_, x0_, weights.epsilon == 0 ? at::Tensor() : epsilon(output), previous_x0, *noise_);
  ++steps_done_;
}

at::Tensor DenoisingLoop::network_output() {
  const bool with_null = config_.guidance.applies(steps_done_, total());
  const at::Tensor output = denoiser_.evaluate(x_, steps_done_, with_null).to(x_.scalar_type());
  return with_null ? guided(config_.guidance, output) : output;
}

at::Tensor DenoisingLoop::epsilon(const at::Tensor& output) const {
  const double alpha_bar = steps_.alphas_bar[static_cast<std::size_t>(steps_done_)];
  if (config_.clamp && config_.epsilon_from_clamped_x0) return predicted_epsilon(Prediction::kX0, x0_, x_, alpha_bar);
  return predicted_epsilon(prediction_, output, x_, alpha_bar);
}

}  // namespace kiln
