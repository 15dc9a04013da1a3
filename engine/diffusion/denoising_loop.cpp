#include "engine/diffusion/denoising_loop.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "engine/base/error.h"

namespace kiln {

DenoisingLoop::DenoisingLoop(const NoiseSchedule& schedule, OutputHead head, const RunConfig& config, Denoiser& denoiser,
                             const at::Tensor& condition, std::unique_ptr<NoiseSource> noise)
    : head_(std::move(head)),
      config_(config),
      denoiser_(denoiser),
      noise_(std::move(noise)),
      steps_(run_steps(schedule, config)),
      numbers_(step_numbers(steps_, head_.prediction, config, schedule.length())) {
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
  const StepNumbers& numbers = numbers_[static_cast<std::size_t>(steps_done_)];
  const StepKind kind = step_kind(steps_, config_, steps_done_);
  const at::Tensor output = denoiser_.evaluate(x_, steps_done_, kind.guided).to(x_.scalar_type());
  const at::Tensor noise = numbers[kXOfNoise] != 0 ? noise_->draw() : at::Tensor();
  auto [x, x0] = stepped(HostArithmetic(numbers), kind, head_, output, x_, x0_, noise);
  x_ = std::move(x);
  x0_ = std::move(x0);
  ++steps_done_;
}

}  // namespace kiln
