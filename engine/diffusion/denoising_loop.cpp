#include "engine/diffusion/denoising_loop.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "engine/base/error.h"

namespace kiln {
namespace {

OutputHead without_barred(OutputHead head, const RunConfig& config) {
  if (!head.is_palette() || config.barred_colours.empty()) return head;
  head.barred = at::zeros({1, head.entries.size(0), 1, 1}, at::kBool);
  for (const int entry : config.barred_colours) head.barred.select(1, entry).fill_(true);
  return head;
}

}  // namespace

DenoisingLoop::DenoisingLoop(const NoiseSchedule& schedule, OutputHead head, const RunConfig& config, Denoiser& denoiser,
                             const Conditioning& conditioning, std::unique_ptr<NoiseSource> noise)
    : head_(without_barred(std::move(head), config)),
      config_(config),
      denoiser_(denoiser),
      noise_(std::move(noise)),
      steps_(run_steps(schedule, config, conditioning.mask.defined())),
      numbers_(step_numbers(steps_, head_.prediction, config, schedule.length())) {
  const at::NoGradGuard no_grad;
  x_ = noise_->draw();
  conditioning.check(x_);
  x_ = first_x(steps_, conditioning, x_);
  if (conditioning.mask.defined()) {
    init_ = conditioning.init.to(x_.options()).expand_as(x_);
    mask_ = conditioning.mask.to(x_.device());
  }
  denoiser_.begin({timesteps().begin(), timesteps().end()}, conditioning.condition, conditioning.negative_half());
}

void DenoisingLoop::step() {
  if (done()) throw Failure(ErrorCode::kInternal, "a finished run was asked for one more step", "please report this");
  const at::NoGradGuard no_grad;
  const StepNumbers& numbers = numbers_[static_cast<std::size_t>(steps_done_)];
  const StepKind kind = step_kind(steps_, config_, head_, steps_done_);
  const at::Tensor output = denoiser_.evaluate(x_, steps_done_, kind.guided).to(x_.scalar_type());
  StepTensors in{.x = x_, .x0 = x0_, .init = init_, .mask = mask_};
  draw_noise(*noise_, numbers, [&](auto which, at::Tensor drawn) { in.*which = std::move(drawn); });
  auto [x, x0] = stepped(HostArithmetic(numbers), kind, head_, output, in);
  x_ = std::move(x);
  x0_ = std::move(x0);
  ++steps_done_;
}

}  // namespace kiln
