#include "engine/training/objective.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

#include "engine/base/error.h"
#include "engine/data/batches.h"
#include "engine/data/counter_random.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

enum Stream : std::uint64_t { kTimesteps = 1, kNoise, kDropClass, kFixedNoise };

double loss_weight(Prediction prediction, double snr, double gamma) {
  if (gamma <= 0) return 1;
  const double clipped = std::min(snr, gamma);
  switch (prediction) {
    case Prediction::kEpsilon:
      return snr > 0 ? clipped / snr : 1;
    case Prediction::kV:
      return clipped / (snr + 1);
    case Prediction::kX0:
      return clipped;
  }
  return 1;
}

// A generator of its own, seeded.
at::Generator generator_for(c10::Device device, std::uint64_t seed) {
  if (device.is_cpu()) return at::make_generator<at::CPUGeneratorImpl>(seed);
  at::Generator generator = at::globalContext().defaultGenerator(device).clone();
  generator.set_current_seed(seed);
  return generator;
}

NoiseSchedule schedule_of(const ModelDiffusion& d) {
  return make_schedule({d.schedule, d.timesteps, d.beta_start, d.beta_end, d.zero_terminal_snr});
}

}  // namespace

Objective::Objective(const ParamMap& recipe, int classes)
    : schedule_(schedule_of(diffusion_of(recipe))),
      prediction_(parse_prediction(get_text(recipe, "prediction"))),
      classes_(classes),
      p_uncond_(get_real(recipe, "p_uncond")) {
  const double gamma = get_real(recipe, "min_snr_gamma");
  const bool legacy = get_bool(recipe, "legacy_noise");
  if (legacy && prediction_ == Prediction::kV) {
    throw Failure(ErrorCode::kInvalidArgument, "the prediction v does not go with the older noise",
                  "choose the prediction eps or x0, or turn legacy_noise off");
  }
  std::vector<float> signal, noise, weights;
  for (const double alpha_bar : schedule_.alphas_bar) {
    signal.push_back(static_cast<float>(std::sqrt(alpha_bar)));
    const double scale = legacy ? 1 - alpha_bar : std::sqrt(1 - alpha_bar);
    noise.push_back(static_cast<float>(scale));
    weights.push_back(static_cast<float>(loss_weight(prediction_, alpha_bar / std::max(scale * scale, 1e-20), gamma)));
  }
  root_signal_ = at::tensor(signal);
  noise_scale_ = at::tensor(noise);
  weights_ = at::tensor(weights);
}

Example Objective::training_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed, std::int64_t step) const {
  const auto batch = x.size(0);
  const auto place = static_cast<std::uint64_t>(step);
  at::Tensor timesteps = at::empty({batch}, at::kLong), condition = at::zeros({batch, classes_});
  const double offset = CounterRandom(seed, kTimesteps, place).unit();
  CounterRandom drops(seed, kDropClass, place);
  for (std::int64_t i = 0; i < batch; ++i) {
    const double at = std::fmod(offset + static_cast<double>(i) / static_cast<double>(batch), 1.0);
    timesteps.data_ptr<std::int64_t>()[i] =
        std::min<std::int64_t>(schedule_.length() - 1, static_cast<std::int64_t>(at * schedule_.length()));
    if (drops.unit() >= p_uncond_) condition.data_ptr<float>()[i * classes_ + classes.data_ptr<std::int64_t>()[i]] = 1;
  }
  return noised(x, timesteps, condition, CounterRandom(seed, kNoise, place).next());
}

Example Objective::fixed_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed) const {
  const auto batch = x.size(0);
  at::Tensor timesteps = at::empty({batch}, at::kLong), condition = at::zeros({batch, classes_});
  for (std::int64_t i = 0; i < batch; ++i) {
    timesteps.data_ptr<std::int64_t>()[i] = (2 * i + 1) * schedule_.length() / (2 * batch);
    condition.data_ptr<float>()[i * classes_ + classes.data_ptr<std::int64_t>()[i]] = 1;
  }
  return noised(x, timesteps, condition, CounterRandom(seed, kFixedNoise, 0).next());
}

Example Objective::noised(const at::Tensor& x, const at::Tensor& timesteps, const at::Tensor& condition,
                          std::uint64_t noise_seed) const {
  at::NoGradGuard no_grad;
  const c10::Device device = x.device();
  const auto of_sprites = [&](const at::Tensor& table) { return sent_to(table.index({timesteps}), device); };
  const at::Tensor epsilon = at::randn(x.sizes(), generator_for(device, noise_seed), x.options());
  const at::Tensor signal = of_sprites(root_signal_).view({-1, 1, 1, 1}), noise = of_sprites(noise_scale_).view({-1, 1, 1, 1});
  Example example;
  example.x_t = signal * x + noise * epsilon;
  example.t = sent_to(timesteps.to(at::kFloat) / static_cast<double>(schedule_.length()), device);
  example.condition = sent_to(condition, device);
  example.weight = of_sprites(weights_);
  switch (prediction_) {
    case Prediction::kEpsilon:
      example.target = epsilon;
      break;
    case Prediction::kV:
      example.target = signal * epsilon - noise * x;
      break;
    case Prediction::kX0:
      example.target = x;
      break;
  }
  return example;
}

at::Tensor Objective::losses(Network& network, const Example& example) const {
  const at::Tensor output = network.forward(example.x_t, example.t, example.condition);
  return (output - example.target).square().mean({1, 2, 3}) * example.weight;
}

at::Tensor Objective::loss_sum(Network& network, const Example& example) const { return losses(network, example).sum(); }

Example Example::on(c10::Device device) const {
  return {sent_to(x_t, device), sent_to(t, device), sent_to(condition, device), sent_to(target, device), sent_to(weight, device)};
}

Example Example::rows(std::int64_t first, std::int64_t count) const {
  return {x_t.narrow(0, first, count), t.narrow(0, first, count), condition.narrow(0, first, count), target.narrow(0, first, count),
          weight.narrow(0, first, count)};
}

}  // namespace kiln
