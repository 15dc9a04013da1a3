#include "engine/diffusion/sampler.h"

#include <cmath>

#include "tests/engine/diffusion/golden.h"
#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr double kMean = 0.8;

// x_0 of a run for data N(0.8, deviation²), from eight values of wave noise, in double precision.
at::Tensor gaussian_run(const NoiseSchedule& schedule, const RunConfig& config, double deviation) {
  GaussianDenoiser denoiser(schedule, Prediction::kEpsilon, deviation, {kMean});
  DenoisingLoop loop(schedule, Prediction::kEpsilon, config, denoiser, at::ones({1, 1}),
                     std::make_unique<RecordedNoise>(wave_noise(schedule.length() + 1, {1, 1, 2, 4})));
  finish(loop);
  return loop.x();
}

RunConfig plain(const std::string& sampler, int steps, const ParamMap& params = {}) {
  RunConfig config;
  config.sampler = sampler;
  config.sampler_params = params;
  config.steps = steps;
  config.guidance.scale = 1;
  config.clamp = false;
  return config;
}

}  // namespace

TEST_CASE("runs equal an independent implementation's") {
  for (const auto& expected : golden::kRuns) {
    CAPTURE(expected.schedule);
    CAPTURE(expected.sampler);
    CAPTURE(expected.deviation);
    RunConfig config = plain(expected.sampler, 1, expected.params);
    config.timesteps = expected.timesteps;
    config.clamp = expected.clamp;
    config.epsilon_from_clamped_x0 = expected.epsilon_from_clamped_x0;
    const at::Tensor x_0 = gaussian_run(schedule_of(expected.schedule), config, expected.deviation);
    CHECK(largest_difference(x_0.flatten(), row(expected.x_0).flatten()) < 1e-9);
  }
}

TEST_CASE("DDPM at every step is Ho et al.'s ε form, with either variance") {
  const NoiseSchedule schedule = schedule_of("linear", 40);
  const auto posterior = posterior_variance(schedule);
  for (const std::string variance : {"posterior", "beta"}) {
    const auto noise = wave_noise(41, {1, 1, 2, 4});
    GaussianDenoiser denoiser(schedule, Prediction::kEpsilon, 0.2, {kMean});
    std::vector<double> timesteps;
    for (int t = 39; t >= 0; --t) timesteps.push_back(t);
    denoiser.begin(timesteps, at::ones({1, 1}), at::zeros({1, 1}));
    at::Tensor x = noise[0];
    for (int i = 0; i < 40; ++i) {
      const auto t = static_cast<std::size_t>(39 - i);
      const double beta = schedule.betas[t];
      x = (x - beta / std::sqrt(1 - schedule.alphas_bar[t]) * denoiser.evaluate(x, i, false)) / std::sqrt(1 - beta);
      if (t > 0) x = x + std::sqrt(variance == "beta" ? beta : posterior[t]) * noise[static_cast<std::size_t>(i) + 1];
    }
    CHECK(largest_difference(gaussian_run(schedule, plain("ddpm", 40, {{"variance", variance}}), 0.2), x) < 1e-11);
  }
}

TEST_CASE("DDIM with η = 1 is DDPM, at every number of steps") {
  for (const auto& kind : kSchedules) {
    for (const int steps : {1, 10, 40}) {
      const NoiseSchedule schedule = schedule_of(kind, 40);
      CAPTURE(kind);
      CAPTURE(steps);
      CHECK(largest_difference(gaussian_run(schedule, plain("ddim", steps, {{"eta", 1.0}}), 0.2),
                               gaussian_run(schedule, plain("ddpm", steps), 0.2)) < 1e-9);
    }
  }
}

// For Gaussian data the probability flow ODE has the closed solution x_0 = m + s (x_T - √ᾱ_T m) / √(s² ᾱ_T + 1 - ᾱ_T).
TEST_CASE("DDIM and DPM-Solver++ approach the exact solution, the second faster") {
  const NoiseSchedule schedule = schedule_of("linear");
  const double alpha_bar = schedule.alphas_bar.back(), deviation = 0.2;
  const at::Tensor exact = kMean + deviation * (wave_noise(1, {1, 1, 2, 4})[0] - std::sqrt(alpha_bar) * kMean) /
                                       std::sqrt(deviation * deviation * alpha_bar + 1 - alpha_bar);
  const auto error = [&](const std::string& sampler, int steps) {
    return largest_difference(gaussian_run(schedule, plain(sampler, steps), deviation), exact);
  };
  CHECK(error("ddim", 1000) < 2e-3);
  CHECK(error("ddim", 200) < error("ddim", 50) / 3);
  CHECK(error("dpmpp_2m", 50) < error("ddim", 50) / 2);
  CHECK(error("dpmpp_2m", 200) < error("dpmpp_2m", 50) / 6);
  CHECK(error("dpmpp_2m", 200) < error("ddim", 1000));
}

TEST_CASE("the stochastic samplers keep the data's spread") {
  const NoiseSchedule schedule = schedule_of("linear", 1000);
  for (const char* sampler : {"ddpm", "ddim", "dpmpp_2m_sde"}) {
    GaussianDenoiser denoiser(schedule, Prediction::kV, 0.2, {kMean});
    RunConfig config = plain(sampler, 200);
    if (config.sampler == "ddim") config.sampler_params = {{"eta", 1.0}};
    DenoisingLoop loop(schedule, Prediction::kV, config, denoiser, at::ones({4, 1}),
                       std::make_unique<SpriteNoise>(sprite_seeds(5, 4), 4, 32, 32));
    finish(loop);
    CHECK(loop.x().mean().item<double>() == doctest::Approx(kMean).epsilon(0.02));
    CHECK(loop.x().std().item<double>() == doctest::Approx(0.2).epsilon(0.05));
  }
}

TEST_CASE("DPM-Solver++ of the SDE is DDPM but for where it looks back, which is as far as that of the ODE does") {
  const std::vector<double> alphas_bar = {0, 0.05, 0.3, 0.6, 0.97, 1};
  const auto weights = [&](const char* sampler) {
    const Sampler& found = find_sampler(sampler);
    return found.weights(alphas_bar, defaults_of(found.params));
  };
  const auto sde = weights("dpmpp_2m_sde"), ddpm = weights("ddpm"), ode = weights("dpmpp_2m");
  REQUIRE(sde.size() == 5);
  for (std::size_t i = 0; i < sde.size(); ++i) {
    CHECK(sde[i].x_t == doctest::Approx(ddpm[i].x_t));
    CHECK(sde[i].noise == doctest::Approx(ddpm[i].noise));
    CHECK(sde[i].x0 + sde[i].previous_x0 == doctest::Approx(ddpm[i].x0));
    CHECK(sde[i].previous_x0 * ode[i].x0 == doctest::Approx(ode[i].previous_x0 * sde[i].x0));
    CHECK((sde[i].previous_x0 < 0) == (i > 1 && i < 4));
  }
}

TEST_CASE("samplers are found by name, in a fixed order, with valid parameters") {
  std::vector<std::string> ids;
  for (const Sampler& sampler : samplers()) {
    ids.push_back(sampler.id);
    CHECK(&find_sampler(sampler.id) == &sampler);
    CHECK_NOTHROW(validated(sampler.params, defaults_of(sampler.params), sampler.id));
    CHECK_FALSE(sampler.help.empty());
  }
  CHECK(ids == std::vector<std::string>{"ddim", "dpmpp_2m", "dpmpp_2m_sde", "ddpm"});
  CHECK(mentions(error_of([] { find_sampler("dimm"); }).hint, "ddim"));
}
