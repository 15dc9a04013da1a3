#include "engine/diffusion/guidance.h"

#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

// Which of ten steps were evaluated with both halves.
std::vector<int> guided_steps(const Guidance& guidance) {
  const NoiseSchedule schedule = schedule_of("cosine");
  GaussianDenoiser denoiser(schedule, Prediction::kV, 0.2, {0.3});
  RunConfig config;
  config.steps = 10;
  config.guidance = guidance;
  DenoisingLoop loop(schedule, Prediction::kV, config, denoiser, at::ones({1, 1}),
                     std::make_unique<RecordedNoise>(wave_noise(1, {1, 1, 2, 4})));
  finish(loop);
  std::vector<int> steps;
  for (const auto& [step, guided] : denoiser.calls) {
    if (guided) steps.push_back(step);
  }
  REQUIRE(denoiser.calls.size() == 10);
  return steps;
}

}  // namespace

TEST_CASE("guidance goes from the null output through the conditional one") {
  const auto draws = wave_noise(2, {3, 4, 4, 4});
  const at::Tensor both = at::cat(draws);
  for (const double scale : {0.0, 0.5, 3.0, 15.0}) {
    CHECK(largest_difference(guided({.scale = scale}, both), draws[1] + scale * (draws[0] - draws[1])) < 1e-12);
  }
  CHECK(at::equal(guided({.scale = 0}, both), draws[1]));
}

TEST_CASE("rescale gives each sprite the conditional output's standard deviation") {
  const auto draws = wave_noise(2, {3, 4, 4, 4});
  const at::Tensor conditional = draws[0] * torch::tensor({0.1, 1.0, 5.0}, at::kDouble).view({3, 1, 1, 1});
  const at::Tensor both = at::cat({conditional, draws[1]});
  const at::Tensor plain = guided({.scale = 7}, both), full = guided({.scale = 7, .rescale = 1}, both);
  for (int i = 0; i < 3; ++i) {
    CHECK(full[i].std().item<double>() == doctest::Approx(conditional[i].std().item<double>()));
    CHECK(largest_difference(full[i] / full[i].std(), plain[i] / plain[i].std()) < 1e-12);
  }
  CHECK(largest_difference(guided({.scale = 7, .rescale = 0.7}, both), 0.7 * full + 0.3 * plain) < 1e-12);
}

TEST_CASE("rescaling a flat output stays finite") {
  CHECK(guided({.scale = 3, .rescale = 1}, at::ones({2, 4, 4, 4})).isfinite().all().item<bool>());
}

TEST_CASE("the null half is asked for only where it counts") {
  CHECK(guided_steps({.scale = 1}).empty());
  CHECK(guided_steps({.scale = 3}) == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(guided_steps({.scale = 0}) == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(guided_steps({.scale = 3, .from = 0.2, .to = 0.6}) == std::vector<int>{2, 3, 4, 5});
  CHECK(guided_steps({.scale = 1, .from = 0.2, .to = 0.6}).empty());
}
