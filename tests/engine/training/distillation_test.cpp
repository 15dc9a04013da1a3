#include <ATen/ATen.h>

#include <cmath>
#include <set>

#include "engine/training/distillation_objective.h"
#include "engine/training/recipe.h"
#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr double kDeviation = 0.2;
const std::vector<double> kMeans{0.15, -0.1};
constexpr int kRows = 36;  // of the teacher's runs

std::shared_ptr<const Model> model_with(const ParamMap& sampling) {
  Model model;
  model.facts.sampling = sampling;
  return std::make_shared<const Model>(std::move(model));
}

struct Distillation {
  explicit Distillation(int teacher_steps, const ParamMap& sampling = {}) {
    recipe = make_recipe("distill", {{"prediction", std::string("x0")},
                                     {"teacher_steps", std::int64_t{teacher_steps}},
                                     {"min_snr_gamma", 0.0},
                                     {"p_uncond", 0.0}});
    schedule = make_schedule(diffusion_of(recipe).schedule);
    teacher = std::make_shared<GaussianDenoiser>(schedule, Prediction::kX0, kDeviation, kMeans);
    objective = std::make_unique<DistillationObjective>(recipe, 2, make_objective(recipe, 2), Prediction::kX0,
                                                        Teacher{model_with(sampling), teacher});
  }

  Example example(int batch, std::int64_t step = 0) const {
    return objective->training_example(at::full({batch, 4, 2, 2}, 0.25), at::arange(batch).remainder(2), 7, step);
  }

  ParamMap recipe;
  NoiseSchedule schedule;
  std::shared_ptr<GaussianDenoiser> teacher;
  std::unique_ptr<const Objective> objective;
};

int timestep(const Example& example, int row) { return static_cast<int>(std::lround(example.t[row].item<double>() * 1000)); }

struct Part {
  int steps, index;
};
// Which part of which number of steps each row is, in the order of the teacher's runs: these start after so many twelfths of the
// way.
const std::vector<int> kStarts = {0, 0, 6, 3, 4, 9};

std::vector<Part> parts_of_rows() {
  std::vector<Part> parts;
  for (const int start : kStarts) {
    for (int steps = 1; steps <= 4; ++steps) {
      for (int index = 0; index < steps; ++index) {
        if (12 * index / steps >= start) parts.push_back({steps, index});
      }
    }
  }
  return parts;
}

}  // namespace

TEST_CASE("one DDIM step with what is taught leads to where the teacher's guided path goes") {
  const Distillation distillation(960);
  const Example example = distillation.example(kRows);
  REQUIRE(example.x_t.size(0) == kRows);
  REQUIRE(example.condition.sizes() == at::IntArrayRef({kRows, 4}));
  const std::vector<Part> parts = parts_of_rows();
  REQUIRE(parts.size() == kRows);
  std::set<double> scales;
  for (int row = 0; row < kRows; ++row) {
    const auto [steps, index] = parts[static_cast<std::size_t>(row)];
    CHECK(example.condition[row][3].item<double>() == steps);
    const int t = timestep(example, row),
              next = index + 1 == steps ? -1 : static_cast<int>(1000 - (index + 1) * 1000.0 / steps) - 1;
    CHECK(std::abs(t - (1000 - index * 1000 / steps - 1)) <= 1);
    const double now = distillation.schedule.alphas_bar[static_cast<std::size_t>(t)],
                 then = next < 0 ? 1 : distillation.schedule.alphas_bar[static_cast<std::size_t>(next)];
    const double guidance = example.condition[row][2].item<double>();
    scales.insert(guidance);
    CHECK(guidance >= 1);
    CHECK(guidance < 4);
    // The probability-flow ODE of a Gaussian (Song et al. 2021): what is not the mean grows and shrinks as the standard deviation
    // does. Guidance from the null condition, whose mean is 0, scales the mean.
    const double mean = guidance * kMeans[example.condition[row][0].item<double>() == 1 ? 0 : 1];
    const auto deviation = [](double alpha_bar) { return std::sqrt(kDeviation * kDeviation * alpha_bar + 1 - alpha_bar); };
    const at::Tensor end = (example.x_t[row] - std::sqrt(now) * mean) * (deviation(then) / deviation(now)) + std::sqrt(then) * mean;
    const double kept = std::sqrt((1 - then) / (1 - now));
    const at::Tensor jumped = example.target[row] * (std::sqrt(then) - kept * std::sqrt(now)) + kept * example.x_t[row];
    CHECK((jumped - end).abs().max().item<double>() < 0.02);
  }
  CHECK(scales.size() == kStarts.size());
}

TEST_CASE("examples follow from seed and step alone, for any number of rows") {
  const Distillation distillation(12);
  const Example first = distillation.example(kRows, 3), again = distillation.example(kRows, 3),
                other = distillation.example(kRows, 4);
  CHECK(at::equal(first.x_t, again.x_t));
  CHECK(at::equal(first.target, again.target));
  CHECK(at::equal(first.condition, again.condition));
  CHECK_FALSE(at::equal(first.x_t, other.x_t));
  for (const int rows : {1, 10, 35}) {
    const Example example = distillation.example(rows);
    CHECK(example.x_t.size(0) == rows);
    CHECK(example.target.size(0) == rows);
    CHECK(timestep(example, 0) == 999);
  }
  const auto fixed = [&] { return distillation.objective->fixed_example(at::zeros({10, 4, 2, 2}), at::zeros({10}, at::kLong), 1); };
  CHECK(at::equal(fixed().target, fixed().target));
}

TEST_CASE("in every other step the teacher goes on from where the network's own steps lead") {
  const Distillation distillation(12);
  std::vector<std::pair<long, long>> asked;  // timestep, number of steps
  const NetworkAnswers network = [&](const at::Tensor& x_t, const at::Tensor& t, const at::Tensor& condition) {
    asked.emplace_back(std::lround(t[0].item<double>() * 1000), std::lround(condition[0][3].item<double>()));
    return at::full_like(x_t, 0.9);
  };
  const auto example = [&](std::int64_t step) {
    return distillation.objective->training_example(at::full({360, 4, 2, 2}, -0.5), at::zeros({360}, at::kLong), 7, step, network);
  };
  const Example own = example(0);
  const std::vector<std::pair<long, long>> expected = {{999, 2}, {999, 4}, {999, 3}, {999, 4}, {749, 4}, {499, 4}};
  CHECK((asked == expected));
  const Example given = example(1);
  CHECK(asked.size() == expected.size());
  // The first row of each run of the third kind: half of the way.
  const at::Tensor own_starts = own.x_t.narrow(0, 200, 10), given_starts = given.x_t.narrow(0, 200, 10);
  CHECK(timestep(own, 200) == 499);
  const double alpha_bar = distillation.schedule.alphas_bar[499], first = distillation.schedule.alphas_bar[999];
  const double kept = std::sqrt((1 - alpha_bar) / (1 - first));
  CHECK(std::abs(own_starts.mean().item<double>() - 0.9 * (std::sqrt(alpha_bar) - kept * std::sqrt(first))) < 0.2);
  CHECK(std::abs(given_starts.mean().item<double>() + 0.5 * std::sqrt(alpha_bar)) < 0.2);
}

TEST_CASE("the teacher is guided over the part of a run that its file says, wherever it starts") {
  const Distillation distillation(24, {{"guidance_from", 0.6}, {"guidance_to", 0.9}});
  distillation.example(1);
  const auto& calls = distillation.teacher->calls;
  std::size_t at = 0;
  for (const int start : kStarts) {
    for (int step = 2 * start; step < 24; ++step, ++at) {
      REQUIRE(at < calls.size());
      CHECK(calls[at].second == (step >= 14 && step <= 21));  // whose middle lies in 0.6 … 0.9
    }
  }
  CHECK(at == calls.size());
}

TEST_CASE("with a palette head the target is the mean of the teacher's probabilities, at the end those of the last step") {
  const PaletteEntries palette = {{0, 0, 0, 0}, {255, 0, 0, 255}, {0, 255, 0, 255}};
  const ParamMap recipe = make_recipe("distill", {{"teacher_steps", std::int64_t{12}}, {"p_uncond", 0.0}});
  // Always the same answer: a third of the way to being sure of the second entry.
  class Fixed : public Denoiser {
   public:
    void begin(const std::vector<double>&, const at::Tensor&, const at::Tensor&) override {}
    at::Tensor evaluate(const at::Tensor& x, int, bool guided) override {
      const at::Tensor logits = at::tensor({0.0f, 1.0f, 0.5f}).view({1, 3, 1, 1}).expand({x.size(0), 3, x.size(2), x.size(3)});
      return guided ? at::cat({logits, at::zeros_like(logits)}) : logits.clone();
    }
  };
  const DistillationObjective objective(recipe, 2, make_objective(recipe, 2, palette), OutputHead(entries_tensor(palette, 4)),
                                        Teacher{model_with({}), std::make_shared<Fixed>()});
  const Example example = objective.training_example(at::zeros({kRows, 4, 2, 2}), at::zeros({kRows}, at::kLong), 1, 0);
  REQUIRE(example.target.sizes() == at::IntArrayRef({kRows, 3, 2, 2}));
  CHECK((example.target.sum(1) - 1).abs().max().item<double>() < 1e-5);
  const at::Tensor p = at::softmax(at::tensor({0.0f, 1.0f, 0.5f}), 0);
  const auto expected = [&](double guidance, int sharpness) {
    at::Tensor q = (at::full({3}, 1.0 / 3) + guidance * (p - 1.0 / 3)).clamp_min(0);
    return sharpness > 0 ? at::softmax(at::log(q) * std::pow(2.0, sharpness), 0) : q / q.sum();
  };
  const auto of_row = [&](int row) { return example.target[row].select(2, 0).select(1, 0); };
  const double guidance = example.condition[0][2].item<double>();
  CHECK((of_row(0) - expected(guidance, 6)).abs().max().item<double>() < 1e-4);  // one step, to the end
  CHECK((of_row(1) - expected(guidance, 0)).abs().max().item<double>() < 1e-4);  // the first of two
}

TEST_CASE("what cannot be distilled is refused in a sentence") {
  CHECK(mentions(error_of([] {
                   const ParamMap recipe = make_recipe("distill", {{"prediction", std::string("eps")}});
                   DistillationObjective(recipe, 2, make_objective(recipe, 2), Prediction::kEpsilon, {});
                 }).message,
                 "eps"));
  CHECK(mentions(error_of([] { Distillation(20); }).hint, "multiple of 12"));
}

TEST_CASE("a distilled model keeps its teacher's guidance and how its colours are finished, and draws in few steps") {
  const ParamMap sampling =
      few_steps_sampling({{"guidance", 2.5}, {"guidance_from", 0.1}, {"steps", std::int64_t{25}}, {"merge_colours", 0.06}});
  CHECK((sampling == ParamMap{{"guidance", 2.5}, {"merge_colours", 0.06}, {"steps", std::int64_t{2}}}));
}
