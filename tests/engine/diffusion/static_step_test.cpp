#include "engine/diffusion/static_step.h"

#include <ATen/ATen.h>

#include "tests/engine/diffusion/support.h"
#include "tests/support/errors.h"

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr int kSprites = 3, kClasses = 2, kLength = 1000;
constexpr std::int64_t kShape[] = {kSprites, 4, 4, 4};

// Depends on everything that it is given, and differs between the sprites.
at::Tensor toy_network(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) {
  const at::Tensor time = t.view({-1, 1, 1, 1}), class_bias = condition.matmul(at::arange(1, kClasses + 1, condition.options()));
  return at::sin(x * 1.3 + x.roll({1}, {3}) * time) + class_bias.view({-1, 1, 1, 1}) * (0.4 - time) + time * 0.2;
}

class ToyDenoiser : public Denoiser {
 public:
  void begin(const std::vector<double>& timesteps, const at::Tensor& condition, const at::Tensor& negative) override {
    timesteps_ = timesteps;
    condition_ = condition;
    negative_ = negative;
  }
  at::Tensor evaluate(const at::Tensor& x, int step, bool guided) override {
    const at::Tensor t = at::full({x.size(0)}, timesteps_[static_cast<std::size_t>(step)] / kLength, x.options());
    const at::Tensor class_bias = condition_.to(x.scalar_type()), output = toy_network(x, t, class_bias);
    return guided ? at::cat({output, toy_network(x, t, negative_.to(x.scalar_type()))}) : output;
  }

 private:
  std::vector<double> timesteps_;
  at::Tensor condition_, negative_;
};

at::Tensor conditions() { return torch::tensor({1.0, 0.0, 0.0, 1.0, 0.3, 0.2}, at::kDouble).view({kSprites, kClasses}); }

std::vector<at::Tensor> draws_of(int count, at::ScalarType type) {
  std::vector<at::Tensor> draws;
  for (const at::Tensor& draw : wave_noise(count, kShape)) draws.push_back(draw.to(type));
  return draws;
}

// The sequence of steps as a device would repeat it, one by one beside the loop; the largest difference of x and x0 on the way.
double largest_difference_from_loop(const NoiseSchedule& schedule, Prediction prediction, const RunConfig& config,
                                    at::ScalarType type, const Conditioning& conditioning = conditions()) {
  ToyDenoiser denoiser;
  const std::vector<at::Tensor> draws = draws_of(3 * config.steps * config.resample + 1, type);
  DenoisingLoop loop(schedule, prediction, config, denoiser, conditioning, std::make_unique<RecordedNoise>(draws));

  const RunSteps steps = run_steps(schedule, config, conditioning.mask.defined());
  const std::vector<StepNumbers> numbers = step_numbers(steps, prediction, config, kLength);
  StepState state = StepState::make(kShape, kClasses, kLength, type);
  state.table.fill_(1e6);  // of an earlier run
  state.table.narrow(0, 0, steps.total()).copy_(step_table(numbers));
  state.condition.copy_(at::cat({conditioning.condition, conditioning.negative_half()}));
  if (conditioning.mask.defined()) {
    state.init.copy_(conditioning.init.expand(kShape));
    state.mask.copy_(conditioning.mask);
  }
  RecordedNoise noise(draws);
  state.x.copy_(first_x(steps, conditioning, noise.draw()));
  double most = 0;
  for (int i = 0; i < steps.total(); ++i) {
    loop.step();
    draw_noise(noise, numbers[static_cast<std::size_t>(i)],
               [&](auto which, const at::Tensor& drawn) { (state.*which).copy_(drawn); });
    static_step(state, step_kind(steps, config, prediction, i), toy_network, prediction);
    most = std::max({most, largest_difference(state.x, loop.x()), largest_difference(state.x0, loop.x0())});
  }
  CHECK(state.next.item<std::int64_t>() == steps.total());
  return most;
}

struct Choice {
  std::string sampler;
  ParamMap params;
};
const std::vector<Choice> kChoices{{"ddim", {}}, {"ddim", {{"eta", 0.7}}}, {"dpmpp_2m", {}}, {"ddpm", {}}, {"dpmpp_2m_sde", {}}};

template <class Action>
void for_every_run(const Action& action) {
  for (const Choice& choice : kChoices) {
    for (const Prediction prediction : kPredictions) {
      for (const double scale : {0.0, 1.0, 3.5}) {
        for (const double rescale : {0.0, 0.7}) {
          for (const auto& [clamp, from_clamped] : {std::pair{true, true}, {true, false}, {false, false}}) {
            CAPTURE(choice.sampler);
            CAPTURE(to_string(prediction));
            CAPTURE(scale);
            CAPTURE(rescale);
            CAPTURE(clamp);
            CAPTURE(from_clamped);
            RunConfig config;
            config.sampler = choice.sampler;
            config.sampler_params = choice.params;
            config.steps = 7;
            config.guidance.scale = scale;
            config.guidance.rescale = rescale;
            config.clamp = clamp;
            config.epsilon_from_clamped_x0 = from_clamped;
            action(prediction, config);
          }
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("steps from a table are the loop's steps") {
  const NoiseSchedule schedule = schedule_of("cosine");
  for_every_run([&](Prediction prediction, const RunConfig& config) {
    CHECK(largest_difference_from_loop(schedule, prediction, config, at::kDouble) < 1e-9);
  });
}

TEST_CASE("single precision is enough for the table") {
  const NoiseSchedule schedule = schedule_of("linear");
  for_every_run([&](Prediction prediction, RunConfig config) {
    if (!config.clamp) return;  // then ε's division by a vanishing signal magnifies every rounding, in the loop as well
    config.guidance.rescale = 0;
    CHECK(largest_difference_from_loop(schedule, prediction, config, at::kFloat) < 2e-5);
  });
}

TEST_CASE("steps from a table start from an image, keep what a mask keeps, and are led away from a condition") {
  const NoiseSchedule schedule = schedule_of("cosine");
  Conditioning conditioning = conditions();
  conditioning.negative = conditioning.condition.flip({0, 1});
  conditioning.init = 0.8 * at::sin(at::arange(64, at::kDouble)).view({1, 4, 4, 4});
  for (const bool masked : {false, true}) {
    if (masked) conditioning.mask = at::arange(16).view({1, 1, 4, 4}) % 3 == 0;
    for_every_run([&](Prediction prediction, RunConfig config) {
      if (!config.clamp) return;  // else ε's division by a vanishing signal magnifies every rounding
      for (const double strength : {0.5, 1.0}) {
        for (const int resample : {1, 3}) {
          CAPTURE(masked);
          CAPTURE(strength);
          CAPTURE(resample);
          config.strength = strength;
          config.resample = resample;
          CHECK(largest_difference_from_loop(schedule, prediction, config, at::kDouble, conditioning) < 1e-9);
        }
      }
    });
  }
}

TEST_CASE("steps from a table begin at pure noise, and guide a part of the run") {
  const NoiseSchedule schedule = schedule_of("cosine", kLength, true);
  for (const Choice& choice : kChoices) {
    CAPTURE(choice.sampler);
    RunConfig config;
    config.sampler = choice.sampler;
    config.sampler_params = choice.params;
    config.steps = 8;
    config.guidance.from = 0.2;
    config.guidance.to = 0.7;
    const RunSteps steps = run_steps(schedule, config);
    CHECK_FALSE(step_kind(steps, config, Prediction::kV, 0).guided);
    CHECK(step_kind(steps, config, Prediction::kV, 3).guided);
    CHECK(largest_difference_from_loop(schedule, Prediction::kV, config, at::kDouble) < 1e-9);
  }
}

TEST_CASE("logits over colours are read as the colour expected, in the loop and from a table") {
  constexpr int kColours = 3;
  const at::Tensor palette =
      at::tensor({-1.0, 0.1, 0.8, 0.9, -0.6, 0.3, 0.2, 0.5, -0.9, 1.0, 0.0, -0.2}).view({kColours, 4}).to(at::kDouble);
  const auto logits = [](const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) {
    return 4 * toy_network(x, t, condition).narrow(1, 0, kColours);
  };
  const OutputHead head(palette);
  const NoiseSchedule schedule = schedule_of("cosine");
  RunConfig config;
  config.steps = 7;
  class LogitsDenoiser : public ToyDenoiser {
   public:
    at::Tensor evaluate(const at::Tensor& x, int step, bool guided) override {
      return 4 * ToyDenoiser::evaluate(x, step, guided).narrow(1, 0, kColours);
    }
  } denoiser;
  const auto draws = draws_of(1, at::kDouble);
  DenoisingLoop loop(schedule, head, config, denoiser, conditions(), std::make_unique<RecordedNoise>(draws));
  const RunSteps steps = run_steps(schedule, config);
  StepState state = StepState::make(kShape, kClasses, 7, at::kDouble);
  state.table.copy_(step_table(step_numbers(steps, head.prediction, config, kLength)));
  state.condition.narrow(0, 0, kSprites).copy_(conditions());
  state.x.copy_(draws[0]);
  while (!loop.done()) {
    static_step(state, step_kind(steps, config, head, loop.steps_done()), logits, head);
    loop.step();
    CHECK(largest_difference(state.x, loop.x()) < 1e-9);
  }
  CHECK(loop.x().sizes() == at::IntArrayRef(kShape));
  for (int c = 0; c < 4; ++c) {  // what a palette holds bounds what is drawn
    const at::Tensor drawn = loop.x().select(1, c), held = palette.select(1, c);
    CHECK(drawn.min().item<double>() > held.min().item<double>() - 1e-9);
    CHECK(drawn.max().item<double>() < held.max().item<double>() + 1e-9);
  }
}

TEST_CASE("a step from a table moves nothing to another place") {
  RunConfig config;
  config.steps = 2;
  const RunSteps steps = run_steps(schedule_of("cosine"), config);
  StepState state = StepState::make(kShape, kClasses, kLength, at::kFloat);
  state.table.narrow(0, 0, 2).copy_(step_table(step_numbers(steps, Prediction::kV, config, kLength)));
  const auto places = [&] {
    return std::vector<void*>{state.table.data_ptr(), state.next.data_ptr(),  state.x.data_ptr(),
                              state.x0.data_ptr(),    state.noise.data_ptr(), state.condition.data_ptr()};
  };
  const auto before = places();
  static_step(state, step_kind(steps, config, Prediction::kV, 0), toy_network, Prediction::kV);
  static_step(state, step_kind(steps, config, Prediction::kV, 1), toy_network, Prediction::kV);
  CHECK(places() == before);
}

TEST_CASE("a level without noise has no ε to step along") {
  NoiseSchedule schedule = schedule_of("linear");
  schedule.alphas_bar[0] = 1;
  RunConfig config;
  config.timesteps = {500, 0};
  RunSteps steps = run_steps(schedule, config);
  steps.weights[1].epsilon = 0.1;
  CHECK(mentions(error_of([&] { step_numbers(steps, Prediction::kX0, config, kLength); }).message, "without any noise"));
}
