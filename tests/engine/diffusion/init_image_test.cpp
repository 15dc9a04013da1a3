// Runs that start from an image, wholly or within a mask, and guidance away from a condition.

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/engine/diffusion/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr int kSide = 8;

at::Tensor init_image() { return 0.9 * at::sin(0.37 * at::arange(4 * kSide * kSide).to(at::kFloat)).view({1, 4, kSide, kSide}); }

// A square in the middle.
at::Tensor square_mask() {
  at::Tensor mask = at::zeros({1, 1, kSide, kSide}, at::kBool);
  mask.slice(2, 2, 6).slice(3, 3, 7).fill_(true);
  return mask;
}

Conditioning with_image(int count, bool masked) {
  Conditioning conditioning(at::ones({count, 1}));
  conditioning.init = init_image();
  if (masked) conditioning.mask = square_mask();
  return conditioning;
}

RunConfig config_of(const std::string& sampler, double strength, int resample = 1) {
  RunConfig config;
  config.sampler = sampler;
  config.steps = 10;
  config.strength = strength;
  config.resample = resample;
  return config;
}

struct Run {
  NoiseSchedule schedule = schedule_of("cosine");
  GaussianDenoiser denoiser{schedule, Prediction::kV, 0.5, {0.6}};
  DenoisingLoop loop;

  Run(const RunConfig& config, const Conditioning& conditioning, int first = 0)
      : Run(config, conditioning,
            std::make_unique<SpriteNoise>(
                sprite_seeds(100 + static_cast<std::uint64_t>(first), static_cast<int>(conditioning.condition.size(0))), 4, kSide,
                kSide)) {}
  Run(const RunConfig& config, const Conditioning& conditioning, std::unique_ptr<NoiseSource> noise)
      : loop(schedule, Prediction::kV, config, denoiser, conditioning, std::move(noise)) {}

  at::Tensor sprites() {
    finish(loop);
    return loop.x();
  }
};

at::Tensor kept_part(const at::Tensor& x) { return x.masked_select(square_mask().logical_not()); }

template <class Action>
void for_every_sampler(const Action& action) {
  for (const Sampler& sampler : samplers()) {
    CAPTURE(sampler.id);
    action(sampler.id);
  }
}

}  // namespace

TEST_CASE("strength 1 is a run from noise, to the byte") {
  for_every_sampler([](const std::string& sampler) {
    CHECK(at::equal(Run(config_of(sampler, 1), with_image(3, false)).sprites(),
                    Run(config_of(sampler, 1), Conditioning(at::ones({3, 1}))).sprites()));
  });
}

TEST_CASE("a run starts at the image with the noise of the step nearest to its strength") {
  struct Expected {
    double strength;
    int timestep, steps;
  };
  // Of 999, 899 … 99; from two as near, the noisier.
  for (const auto& [strength, timestep, steps] : std::vector<Expected>{
           {0.98, 999, 10}, {0.949, 999, 10}, {0.9489, 899, 9}, {0.75, 799, 8}, {0.5, 499, 5}, {0.1, 99, 1}, {0.001, 99, 1}}) {
    CAPTURE(strength);
    const auto draws = wave_noise(1, {1, 4, kSide, kSide});
    Run run(config_of("ddim", strength), with_image(1, false), std::make_unique<RecordedNoise>(draws));
    CHECK(run.loop.timesteps().front() == timestep);
    CHECK(run.loop.total() == steps);
    const double alpha_bar = schedule_of("cosine").alphas_bar[static_cast<std::size_t>(timestep)];
    const at::Tensor expected = std::sqrt(alpha_bar) * init_image().to(at::kDouble) + std::sqrt(1 - alpha_bar) * draws[0];
    CHECK(largest_difference(run.loop.x(), expected) < 1e-6);
  }
}

TEST_CASE("the weaker a run, the nearer to its image are its sprites") {
  for_every_sampler([](const std::string& sampler) {
    double before = 0;
    for (const double strength : {0.1, 0.3, 0.5, 0.7, 0.9}) {
      const at::Tensor sprites = Run(config_of(sampler, strength), with_image(32, false)).sprites();
      const double distance = (sprites - init_image()).abs().mean().item<double>();
      CHECK(distance > before);
      before = distance;
    }
    CHECK(before > 0.2);
  });
}

TEST_CASE("outside of the mask the sprites are the image; inside they are made anew, each of its own noise") {
  for_every_sampler([](const std::string& sampler) {
    for (const double strength : {0.001, 0.6, 1.0}) {
      for (const int resample : {1, 3}) {
        CAPTURE(strength);
        CAPTURE(resample);
        const at::Tensor sprites = Run(config_of(sampler, strength, resample), with_image(2, true)).sprites();
        const at::Tensor init = init_image();
        CHECK(at::equal(kept_part(sprites[0].unsqueeze(0)), kept_part(init)));
        CHECK(at::equal(kept_part(sprites[1].unsqueeze(0)), kept_part(init)));
        CHECK(sprites.isfinite().all().item<bool>());
        const at::Tensor anew = sprites.masked_select(square_mask());
        CHECK(largest_difference(anew.chunk(2)[0], anew.chunk(2)[1]) > 0.01);
      }
    }
  });
}

TEST_CASE("after every step, what is kept is the image with fresh noise of the level reached") {
  const auto draws = wave_noise(6, {1, 4, kSide, kSide});
  RunConfig config = config_of("ddim", 1);
  config.steps = 5;
  Run run(config, with_image(1, true), std::make_unique<RecordedNoise>(draws));
  for (std::size_t step = 1; step <= 5; ++step) {
    run.loop.step();
    const double alpha_bar = run.loop.alphas_bar()[step];
    const at::Tensor expected = std::sqrt(alpha_bar) * init_image().to(at::kDouble) + std::sqrt(1 - alpha_bar) * draws[step];
    CHECK(largest_difference(kept_part(run.loop.x()), kept_part(expected)) < 1e-6);
  }
}

TEST_CASE("resampling does every step but the last so many times, noised again between") {
  const auto draws = wave_noise(30, {1, 4, kSide, kSide});
  RunConfig config = config_of("ddim", 1, 3);
  config.steps = 4;
  int drawn = 0;
  Run run(config, with_image(1, true), std::make_unique<RecordedNoise>(draws, &drawn));
  CHECK(run.loop.timesteps() == std::vector<int>{999, 999, 999, 749, 749, 749, 499, 499, 499, 249});
  CHECK(run.loop.total() == 10);
  for (int step = 0; step < 3; ++step) run.loop.step();
  CHECK(drawn == 1 + 3 + 2);
  // The fourth step ends at the level of 499, and is noised back to that of 749: √(ᾱ/ᾱ') and √(1 - ᾱ/ᾱ').
  run.loop.step();
  CHECK(drawn == 8);
  const std::vector<double>& levels = run.loop.alphas_bar();
  const double now = levels[3], next = levels[6];
  CHECK(levels[4] == now);
  const at::Tensor kept = std::sqrt(next) * init_image().to(at::kDouble) + std::sqrt(1 - next) * draws[6];
  const at::Tensor expected = std::sqrt(now / next) * kept + std::sqrt(1 - now / next) * draws[7];
  CHECK(largest_difference(kept_part(run.loop.x()), kept_part(expected)) < 1e-6);
  finish(run.loop);
  CHECK(drawn == 1 + 3 * 3 + 3 * 2);  // the last step ends without noise
}

TEST_CASE("a step that is done again does not extrapolate from the one before, which was at its own level") {
  const NoiseSchedule schedule = schedule_of("cosine");
  for (const char* sampler : {"dpmpp_2m", "dpmpp_2m_sde"}) {
    CAPTURE(std::string(sampler));
    const RunSteps once = run_steps(schedule, config_of(sampler, 1)), thrice = run_steps(schedule, config_of(sampler, 1, 3), true);
    for (std::size_t i = 0; i < thrice.weights.size(); ++i) {
      const StepWeights &found = thrice.weights[i], &plain = once.weights[i / 3];
      CHECK(found.x_t == plain.x_t);
      CHECK(found.noise == plain.noise);
      CHECK(found.previous_x0 == (i % 3 == 0 ? plain.previous_x0 : 0));
      CHECK(found.x0 + found.previous_x0 == doctest::Approx(plain.x0 + plain.previous_x0));
    }
    CHECK(once.weights[4].previous_x0 != 0);
  }
}

TEST_CASE("guidance spans the same levels however often a step is done") {
  RunConfig config = config_of("ddim", 1, 4);
  config.guidance.from = 0.2;
  config.guidance.to = 0.6;
  Run run(config, with_image(1, true));
  run.sprites();
  for (const auto& [step, guided] : run.denoiser.calls) {
    const int level = std::min(step / 4, 9);
    CHECK(guided == (level >= 2 && level < 6));
  }
}

TEST_CASE("without a mask, resample means nothing") {
  CHECK(at::equal(Run(config_of("ddpm", 0.6, 5), with_image(2, false)).sprites(),
                  Run(config_of("ddpm", 0.6), with_image(2, false)).sprites()));
}

TEST_CASE("a sprite from an image does not depend on those beside it") {
  for_every_sampler([](const std::string& sampler) {
    for (const bool masked : {false, true}) {
      CAPTURE(masked);
      const RunConfig config = config_of(sampler, 0.6, masked ? 2 : 1);
      const auto sprites = [&](int first, int count) {
        Conditioning conditioning = with_image(count, masked);
        conditioning.negative = at::full({count, 1}, 0.5);
        return Run(config, conditioning, first).sprites();
      };
      const at::Tensor alone = sprites(12, 1);
      CHECK(at::equal(alone[0], sprites(10, 5)[2]));
      CHECK(at::equal(alone[0], sprites(0, 64)[12]));
    }
  });
}

TEST_CASE("guidance leads away from the negative condition, a null one is none") {
  const RunConfig config = config_of("ddim", 1);
  Conditioning plain(at::ones({2, 1})), null = plain, half = plain;
  null.negative = at::zeros({2, 1});
  half.negative = at::full({2, 1}, 0.5);
  const at::Tensor expected = Run(config, plain).sprites();
  CHECK(at::equal(Run(config, null).sprites(), expected));
  CHECK(largest_difference(Run(config, half).sprites(), expected) > 0.05);
  RunConfig negative_alone = config, alone = config;
  negative_alone.guidance.scale = 0;
  alone.guidance.scale = 1;
  CHECK(largest_difference(Run(negative_alone, half).sprites(), Run(alone, Conditioning(half.negative)).sprites()) < 1e-6);
}

TEST_CASE("images, masks and conditions that do not fit are a defect") {
  const auto refused = [](const Conditioning& conditioning, double strength = 0.5) {
    return error_of([&] { Run(config_of("ddim", strength), conditioning); }).code == ErrorCode::kInternal;
  };
  Conditioning conditioning = with_image(2, true);
  conditioning.init = at::zeros({1, 3, kSide, kSide});
  CHECK(refused(conditioning));
  conditioning = with_image(2, true);
  conditioning.mask = at::ones({1, 1, kSide, 4}, at::kBool);
  CHECK(refused(conditioning));
  conditioning.mask = square_mask();
  conditioning.init = at::Tensor();
  CHECK(refused(conditioning));
  conditioning.mask = at::Tensor();
  CHECK(refused(conditioning));  // no image to begin at
  CHECK_NOTHROW(Run(config_of("ddim", 1), conditioning));
  conditioning.negative = at::zeros({1, 1});
  CHECK(refused(conditioning, 1));
}
