#include "engine/training/adamw.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kiln {
namespace {

struct Coefficients {
  float gradient, beta1, one_less_beta1, beta2, one_less_beta2, step_size, root_correction, eps, decay, one_less_ema;
};

void step_on_cpu(const Coefficients& k, std::int64_t count, const float* __restrict gradient, const float* __restrict mask,
                 float* __restrict weights, float* __restrict mean, float* __restrict variance, float* __restrict ema) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float g = gradient[i] * k.gradient;
    mean[i] = k.beta1 * mean[i] + k.one_less_beta1 * g;
    variance[i] = k.beta2 * variance[i] + k.one_less_beta2 * g * g;
    const float kept = weights[i] * (1 - k.decay * mask[i]);
    weights[i] = kept - k.step_size * mean[i] / (std::sqrt(variance[i]) * k.root_correction + k.eps);
    ema[i] += k.one_less_ema * (weights[i] - ema[i]);
  }
}

#define SPRITEKILN_FUSED_ADAMW (TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4))

struct Corrections {
  double step_size, root, decay;

  Corrections(const AdamWOptions& options, std::int64_t step)
      : step_size(options.learning_rate / (1 - std::pow(options.beta1, static_cast<double>(step)))),
        root(1 / std::sqrt(1 - std::pow(options.beta2, static_cast<double>(step)))),
        decay(options.learning_rate * options.weight_decay) {}
};

}  // namespace

void adamw_ema_step(const AdamWOptions& options, std::int64_t step, const at::Tensor& gradient, const at::Tensor& decay_mask,
                    at::Tensor& weights, at::Tensor& mean, at::Tensor& variance, at::Tensor& ema) {
  if (!weights.is_cpu()) {
    adamw_ema_step_by_tensors(options, step, gradient, decay_mask, weights, mean, variance, ema);
    return;
  }
  const Corrections corrections(options, step);
  const Coefficients k{static_cast<float>(options.gradient_scale), static_cast<float>(options.beta1),
                       static_cast<float>(1 - options.beta1),      static_cast<float>(options.beta2),
                       static_cast<float>(1 - options.beta2),      static_cast<float>(corrections.step_size),
                       static_cast<float>(corrections.root),       static_cast<float>(options.eps),
                       static_cast<float>(corrections.decay),      static_cast<float>(1 - options.ema_decay)};
  step_on_cpu(k, weights.numel(), gradient.data_ptr<float>(), decay_mask.data_ptr<float>(), weights.data_ptr<float>(),
              mean.data_ptr<float>(), variance.data_ptr<float>(), ema.data_ptr<float>());
}

void adamw_ema_step_by_tensors(const AdamWOptions& options, std::int64_t step, const at::Tensor& gradient,
                               const at::Tensor& decay_mask, at::Tensor& weights, at::Tensor& mean, at::Tensor& variance,
                               at::Tensor& ema) {
  const at::NoGradGuard no_grad;
  const Corrections corrections(options, step);
  if (corrections.decay != 0) weights.addcmul_(weights, decay_mask, -corrections.decay);
#if SPRITEKILN_FUSED_ADAMW
  const at::Tensor count = at::full({}, static_cast<double>(step), weights.options());
  const at::Tensor divisor = at::full({}, 1 / options.gradient_scale, weights.options());
  at::_fused_adamw_({weights}, {gradient}, {mean}, {variance}, {}, {count}, options.learning_rate, options.beta1, options.beta2, 0,
                    options.eps, false, false, divisor);
#else
  const at::Tensor g = gradient * options.gradient_scale;
  mean.mul_(options.beta1).add_(g, 1 - options.beta1);
  variance.mul_(options.beta2).addcmul_(g, g, 1 - options.beta2);
  weights.addcdiv_(mean, variance.sqrt().mul_(corrections.root).add_(options.eps), -corrections.step_size);
#endif
  ema.lerp_(weights, 1 - options.ema_decay);
}

double learning_rate_at(std::int64_t step, std::int64_t steps, std::int64_t warmup, double highest, double final_share) {
  if (step < warmup) return highest * static_cast<double>(step + 1) / static_cast<double>(warmup);
  const double done =
      std::min(1.0, static_cast<double>(step - warmup) / static_cast<double>(std::max<std::int64_t>(1, steps - warmup)));
  return highest * (final_share + (1 - final_share) * 0.5 * (1 + std::cos(std::numbers::pi * done)));
}

double ema_decay_at(std::int64_t step, double decay) {
  return std::min(decay, (1.0 + static_cast<double>(step)) / (10.0 + static_cast<double>(step)));
}

}  // namespace kiln
