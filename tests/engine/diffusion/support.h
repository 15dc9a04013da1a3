#pragma once

#include <torch/types.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/diffusion/denoising_loop.h"
#include "engine/diffusion/seeds.h"
#include "tests/support/errors.h"
#include "tests/support/text.h"

namespace kiln::test {

inline const std::vector<Prediction> kPredictions{Prediction::kEpsilon, Prediction::kV, Prediction::kX0};
inline const std::vector<std::string>& kSchedules = schedule_kind_names();
inline const std::vector<Spacing> kSpacings{Spacing::kLeading, Spacing::kLinspace, Spacing::kTrailing};

inline NoiseSchedule schedule_of(const std::string& kind, int length = 1000, bool zero_terminal_snr = false) {
  ScheduleConfig config;
  config.kind = parse_schedule_kind(kind);
  config.length = length;
  config.zero_terminal_snr = zero_terminal_snr;
  return make_schedule(config);
}

// Answers with the best possible prediction for data N(mean, deviation²) in every value, where the mean is the condition's
// weights times `means` (the null condition's is 0). Notes how it was called.
class GaussianDenoiser : public Denoiser {
 public:
  GaussianDenoiser(NoiseSchedule schedule, Prediction prediction, double deviation, std::vector<double> means)
      : schedule_(std::move(schedule)), prediction_(prediction), deviation_(deviation), means_(std::move(means)) {}

  void begin(const std::vector<double>& timesteps, const at::Tensor& condition, const at::Tensor& negative) override {
    timesteps_ = timesteps;
    const auto mean_of = [&](const at::Tensor& weights) {
      return weights.to(at::kDouble).matmul(torch::tensor(means_, at::kDouble)).view({-1, 1, 1, 1});
    };
    mean_ = mean_of(condition);
    negative_mean_ = mean_of(negative);
  }

  at::Tensor evaluate(const at::Tensor& x, int step, bool guided) override {
    calls.emplace_back(step, guided);
    const double alpha_bar = schedule_.alphas_bar[static_cast<std::size_t>(timesteps_[static_cast<std::size_t>(step)])];
    const at::Tensor conditional = answer(x, mean_, alpha_bar);
    return guided ? at::cat({conditional, answer(x, negative_mean_, alpha_bar)}) : conditional;
  }

  std::vector<std::pair<int, bool>> calls;  // step, guided

 private:
  at::Tensor answer(const at::Tensor& x, const at::Tensor& mean, double alpha_bar) const {
    const double signal = std::sqrt(alpha_bar), noise = std::sqrt(1 - alpha_bar);
    const double gain = deviation_ * deviation_ * signal / (deviation_ * deviation_ * alpha_bar + 1 - alpha_bar);
    const at::Tensor x_t = x.to(at::kDouble);
    const at::Tensor x0 = mean + gain * (x_t - signal * mean);
    const at::Tensor epsilon = (x_t - signal * x0) / noise;
    switch (prediction_) {
      case Prediction::kEpsilon:
        return epsilon.to(x.scalar_type());
      case Prediction::kV:
        return (signal * epsilon - noise * x0).to(x.scalar_type());
      case Prediction::kX0:
        break;
    }
    return x0.to(x.scalar_type());
  }

  NoiseSchedule schedule_;
  Prediction prediction_;
  double deviation_;
  std::vector<double> means_;
  std::vector<double> timesteps_;
  at::Tensor mean_, negative_mean_;
};

// Hands out prepared draws in order and counts them.
class RecordedNoise : public NoiseSource {
 public:
  explicit RecordedNoise(std::vector<at::Tensor> draws, int* drawn = nullptr) : draws_(std::move(draws)), drawn_(drawn) {}
  at::Tensor draw() override {
    if (drawn_) ++*drawn_;
    return draws_.at(next_++);
  }

 private:
  std::vector<at::Tensor> draws_;
  std::size_t next_ = 0;
  int* drawn_;
};

// `count` different draws [B, C, H, W] in double precision: sine waves, as make_golden.py has them.
inline std::vector<at::Tensor> wave_noise(int count, at::IntArrayRef shape) {
  std::vector<at::Tensor> draws;
  const at::Tensor places = at::arange(c10::multiply_integers(shape), at::kDouble).view(shape);
  for (int i = 0; i < count; ++i) draws.push_back(1.3 * at::sin(1.7 * (i + 1) + 0.9 * places));
  return draws;
}

inline at::Tensor row(const std::vector<double>& values) {
  return torch::tensor(values, at::kDouble).view({1, 1, 1, static_cast<std::int64_t>(values.size())});
}

inline double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

inline void finish(DenoisingLoop& loop) {
  while (!loop.done()) loop.step();
}

}  // namespace kiln::test
