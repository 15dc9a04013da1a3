#include "engine/diffusion/denoising_loop.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <string>

#include "engine/base/error.h"

namespace kiln {
namespace {

std::vector<int> run_timesteps(const RunConfig& config, int length) {
  if (config.timesteps.empty()) return spaced_timesteps(config.spacing, length, config.steps);
  int previous = length;
  for (const int t : config.timesteps) {
    if (t < 0 || t >= previous) {
      throw Failure(ErrorCode::kInvalidArgument, "step " + std::to_string(t) + " does not belong in this list of steps",
                    "list different steps from " + std::to_string(length - 1) + " down to 0");
    }
    previous = t;
  }
  return config.timesteps;
}

std::vector<double> run_alphas_bar(const NoiseSchedule& schedule, const std::vector<int>& timesteps) {
  std::vector<double> alphas_bar;
  for (const int t : timesteps) alphas_bar.push_back(schedule.alphas_bar[static_cast<std::size_t>(t)]);
  alphas_bar.push_back(1);
  return alphas_bar;
}

}  // namespace

DenoisingLoop::DenoisingLoop(const NoiseSchedule& schedule, Prediction prediction, const RunConfig& config, Denoiser& denoiser,
                             const at::Tensor& condition, std::unique_ptr<NoiseSource> noise)
    : prediction_(prediction), config_(config), denoiser_(denoiser), noise_(std::move(noise)) {
  const at::NoGradGuard no_grad;
  timesteps_ = run_timesteps(config, schedule.length());
  alphas_bar_ = run_alphas_bar(schedule, timesteps_);
  if (prediction == Prediction::kEpsilon && alphas_bar_.front() <= 0) {
    throw Failure(ErrorCode::kInvalidArgument, "a network that predicts ε cannot start from a level without any signal",
                  "choose leading spacing with fewer steps, or use a v or x0 model");
  }
  const Sampler& sampler = find_sampler(config.sampler);
  weights_ = sampler.weights(alphas_bar_, validated(sampler.params, config.sampler_params, "sampler " + sampler.id));
  x_ = noise_->draw();
  if (condition.dim() != 2 || condition.size(0) != x_.size(0)) {
    throw Failure(ErrorCode::kInternal, "conditions and noise are for different numbers of sprites", "please report this");
  }
  denoiser_.begin({timesteps_.begin(), timesteps_.end()}, condition);
}

void DenoisingLoop::step() {
  if (done()) throw Failure(ErrorCode::kInternal, "a finished run was asked for one more step", "please report this");
  const at::NoGradGuard no_grad;
  const auto index = static_cast<std::size_t>(steps_done_);
  const StepWeights& weights = weights_[index];
  const at::Tensor output = network_output();
  const at::Tensor previous_x0 = x0_;
  x0_ = predicted_x0(prediction_, output, x_, alphas_bar_[index]);
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
  const double alpha_bar = alphas_bar_[static_cast<std::size_t>(steps_done_)];
  if (config_.clamp && config_.epsilon_from_clamped_x0) return predicted_epsilon(Prediction::kX0, x0_, x_, alpha_bar);
  return predicted_epsilon(prediction_, output, x_, alpha_bar);
}

}  // namespace kiln
