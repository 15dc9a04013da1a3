#include "engine/diffusion/denoising_loop.h"

#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr int kClasses = 3;

// Sprite i has class i mod 3, or a mix of classes if i is a multiple of four.
at::Tensor conditions(int first, int count) {
  at::Tensor condition = at::zeros({count, kClasses});
  for (int i = 0; i < count; ++i) {
    const int sprite = first + i;
    condition[i][sprite % kClasses] = 1.0f;
    if (sprite % 4 == 0) condition[i].fill_(0.3f);
  }
  return condition;
}

struct Run {
  std::string schedule = "cosine";
  bool zero_terminal_snr = false;
  Prediction prediction = Prediction::kV;
  RunConfig config;
  int first = 0;  // sprite
  int count = 2;
  std::unique_ptr<NoiseSource> noise = nullptr;  // else each sprite's own

  // The sprites at the end.
  at::Tensor sprites() {
    const NoiseSchedule levels = schedule_of(schedule, 1000, zero_terminal_snr);
    GaussianDenoiser denoiser(levels, prediction, 0.5, {0.6, -0.4, 0.1});
    if (!noise) noise = std::make_unique<SpriteNoise>(sprite_seeds(100 + static_cast<std::uint64_t>(first), count), 4, 16, 16);
    DenoisingLoop loop(levels, prediction, config, denoiser, conditions(first, count), std::move(noise));
    finish(loop);
    return loop.x();
  }
};

struct SamplerChoice {
  std::string id;
  ParamMap params;
};
const std::vector<SamplerChoice> kChoices{{"ddim", {}},
                                          {"ddim", {{"eta", 0.7}}},
                                          {"dpmpp_2m", {}},
                                          {"ddpm", {{"variance", std::string("posterior")}}},
                                          {"ddpm", {{"variance", std::string("beta")}}}};

template <class Action>
void for_every_combination(const Action& action) {
  for (const SamplerChoice& choice : kChoices) {
    for (const auto& schedule : kSchedules) {
      for (const bool zero_terminal_snr : {false, true}) {
        for (const Spacing spacing : kSpacings) {
          CAPTURE(choice.id);
          CAPTURE(schedule);
          CAPTURE(zero_terminal_snr);
          CAPTURE(static_cast<int>(spacing));
          RunConfig config;
          config.sampler = choice.id;
          config.sampler_params = choice.params;
          config.steps = 6;
          config.spacing = spacing;
          action(schedule, zero_terminal_snr, config);
        }
      }
    }
  }
}

bool refused(Prediction prediction, bool zero_terminal_snr, const RunConfig& config) {
  return prediction == Prediction::kEpsilon && zero_terminal_snr && config.spacing != Spacing::kLeading;
}

}  // namespace

TEST_CASE("every sampler, prediction, schedule and spacing gives finite sprites, the same every time") {
  for_every_combination([](const std::string& schedule, bool zero_terminal_snr, const RunConfig& config) {
    for (const Prediction prediction : kPredictions) {
      if (refused(prediction, zero_terminal_snr, config)) continue;
      CAPTURE(to_string(prediction));
      const auto run = [&] { return Run{schedule, zero_terminal_snr, prediction, config}.sprites(); };
      const at::Tensor sprites = run();
      CHECK(sprites.isfinite().all().item<bool>());
      CHECK(sprites.abs().max().item<double>() <= 1.0);
      CHECK(sprites.std().item<double>() > 0.05);
      CHECK(at::equal(sprites, run()));
    }
  });
}

TEST_CASE("ε, v and x0 describe one run") {
  for_every_combination([](const std::string& schedule, bool zero_terminal_snr, RunConfig config) {
    config.guidance.rescale = 0;
    config.guidance.scale = 1;
    const auto run = [&](Prediction prediction) {
      return Run{
          schedule, zero_terminal_snr, prediction, config, 0, 1, std::make_unique<RecordedNoise>(wave_noise(8, {1, 1, 4, 4}))}
          .sprites();
    };
    const at::Tensor from_v = run(Prediction::kV);
    CHECK(largest_difference(from_v, run(Prediction::kX0)) < 1e-5);
    if (!refused(Prediction::kEpsilon, zero_terminal_snr, config))
      CHECK(largest_difference(from_v, run(Prediction::kEpsilon)) < 1e-5);
  });
}

TEST_CASE("a sprite comes out the same alone, among five and among sixty-four") {
  for (const SamplerChoice& choice : kChoices) {
    for (const double rescale : {0.0, 0.7}) {
      CAPTURE(choice.id);
      CAPTURE(rescale);
      RunConfig config;
      config.sampler = choice.id;
      config.sampler_params = choice.params;
      config.steps = 8;
      config.guidance.rescale = rescale;
      const auto sprites = [&](int first, int count) {
        return Run{"cosine", false, Prediction::kV, config, first, count}.sprites();
      };
      const at::Tensor alone = sprites(12, 1), among_five = sprites(10, 5), among_many = sprites(0, 64);
      CHECK(at::equal(alone[0], among_five[2]));
      CHECK(at::equal(alone[0], among_many[12]));
      CHECK_FALSE(at::equal(alone[0], among_many[13]));
    }
  }
}

TEST_CASE("symmetric sprites are so to the last bit, whatever the sampler, and as varied as others") {
  for_every_combination([](const std::string& schedule, bool zero_terminal_snr, RunConfig config) {
    const at::Tensor free = Run{schedule, zero_terminal_snr, Prediction::kV, config}.sprites();
    for (const bool clamp : {true, false}) {
      config.clamp = clamp;
      config.symmetric = true;
      const at::Tensor sprites = Run{schedule, zero_terminal_snr, Prediction::kV, config}.sprites();
      CHECK(at::equal(sprites, sprites.flip({3})));
      CHECK_FALSE(at::equal(sprites, free));
      CHECK(sprites.std().item<double>() > 0.6 * free.std().item<double>());
    }
  });
}

TEST_CASE("each step asks the network once and moves on by one") {
  const NoiseSchedule schedule = schedule_of("cosine");
  GaussianDenoiser denoiser(schedule, Prediction::kV, 0.5, {2.0});
  RunConfig config;
  config.steps = 5;
  DenoisingLoop loop(schedule, Prediction::kV, config, denoiser, at::ones({2, 1}),
                     std::make_unique<SpriteNoise>(sprite_seeds(1, 2), 4, 16, 16));
  CHECK(loop.total() == 5);
  CHECK(loop.timesteps() == std::vector<int>{999, 799, 599, 399, 199});
  for (int done = 0; done < 5; ++done) {
    CHECK(loop.steps_done() == done);
    CHECK_FALSE(loop.done());
    loop.step();
    CHECK(denoiser.calls.size() == static_cast<std::size_t>(done) + 1);
    CHECK(denoiser.calls.back() == std::pair{done, true});
    CHECK(loop.x0().abs().max().item<double>() <= 1.0);
    CHECK_FALSE(loop.x().requires_grad());
  }
  CHECK(loop.done());
  CHECK(at::equal(loop.x(), loop.x0()));
  CHECK(error_of([&] { loop.step(); }).code == ErrorCode::kInternal);
  CHECK(denoiser.calls.size() == 5);
}

TEST_CASE("the clamp decides whether x0 may leave the range of colours") {
  for (const bool clamp : {true, false}) {
    Run run;
    run.config.steps = 20;
    run.config.guidance.scale = 6;
    run.config.clamp = clamp;
    CHECK((run.sprites().abs().max().item<double>() > 1.0) == !clamp);
  }
}

TEST_CASE("fresh noise is drawn only when it is used") {
  const NoiseSchedule schedule = schedule_of("cosine");
  const std::vector<std::pair<SamplerChoice, int>> expected{
      {{"ddim", {}}, 1}, {{"dpmpp_2m", {}}, 1}, {{"ddim", {{"eta", 0.3}}}, 6}, {{"ddpm", {}}, 6}};
  for (const auto& [choice, draws] : expected) {
    GaussianDenoiser denoiser(schedule, Prediction::kV, 0.5, {0.3});
    RunConfig config;
    config.sampler = choice.id;
    config.sampler_params = choice.params;
    config.steps = 6;
    int drawn = 0;
    DenoisingLoop loop(schedule, Prediction::kV, config, denoiser, at::ones({1, 1}),
                       std::make_unique<RecordedNoise>(wave_noise(7, {1, 1, 2, 4}), &drawn));
    finish(loop);
    CHECK(drawn == draws);
  }
}

TEST_CASE("runs that cannot be are refused before the first step") {
  const auto refusal = [](const RunConfig& config, Prediction prediction = Prediction::kV, bool zero = false) {
    return error_of([&] { Run{"cosine", zero, prediction, config}.sprites(); });
  };
  RunConfig config;
  config.steps = 1001;
  CHECK(mentions(refusal(config).message, "1001"));
  config = {};
  config.sampler = "ddpn";
  CHECK(mentions(refusal(config).hint, "ddpm"));
  config = {};
  config.sampler_params = {{"etta", 0.5}};
  CHECK(refusal(config).code == ErrorCode::kInvalidArgument);
  config = {};
  for (const std::vector<int>& timesteps : std::vector<std::vector<int>>{{1000, 5}, {5, 5}, {5, 6}, {5, -1}}) {
    config.timesteps = timesteps;
    CHECK(refusal(config).code == ErrorCode::kInvalidArgument);
  }
  config = {};
  CHECK(mentions(refusal(config, Prediction::kEpsilon, true).message, "without any signal"));
}

TEST_CASE("a run's settings are checked and named") {
  const RunConfig defaults = make_run_config("ddim", {}, {});
  CHECK(defaults.guidance.scale == 2);
  CHECK(defaults.spacing == Spacing::kTrailing);
  CHECK(defaults.clamp);
  const RunConfig config = make_run_config("ddim", {{"eta", 1}},
                                           {{"steps", 10},
                                            {"guidance", 4.5},
                                            {"guidance_from", 0.1},
                                            {"guidance_to", 0.9},
                                            {"rescale", 0.7},
                                            {"spacing", std::string("leading")},
                                            {"clamp", false}});
  CHECK(config.guidance.scale == 4.5);
  CHECK(config.guidance.from == 0.1);
  CHECK(config.guidance.to == 0.9);
  CHECK(config.guidance.rescale == 0.7);
  CHECK(config.spacing == Spacing::kLeading);
  CHECK_FALSE(config.clamp);
  CHECK(config.steps == 10);
  CHECK(get_real(config.sampler_params, "eta") == 1.0);

  CHECK(mentions(error_of([] { make_run_config("ddim", {}, {{"guidence", 2.0}}); }).hint, "guidance"));
  CHECK(error_of([] { make_run_config("ddim", {}, {{"guidance", 15.5}}); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { make_run_config("ddim", {{"eta", 1.5}}, {}); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] {
          make_run_config("ddim", {}, {{"guidance_from", 0.8}, {"guidance_to", 0.2}});
        }).code == ErrorCode::kInvalidArgument);
}
