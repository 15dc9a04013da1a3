#include "engine/training/objective.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/diffusion/output_head.h"
#include "engine/training/recipe.h"
#include "tests/engine/network/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

struct Sprites {
  at::Tensor x = (torch::manual_seed(2), at::rand({64, 4, 4, 4}) * 2 - 1);
  at::Tensor classes = at::arange(64).remainder(3);
};

std::unique_ptr<const Objective> objective(const ParamMap& changes) { return make_objective(make_recipe("", changes), 3); }

}  // namespace

TEST_CASE("noised sprites, targets and weights are those of the formulas") {
  const Sprites sprites;
  const double gamma = 5;
  for (const char* schedule : {"cosine", "linear"}) {
    for (const char* prediction : {"eps", "v", "x0"}) {
      CAPTURE(schedule);
      CAPTURE(prediction);
      const auto loss =
          objective({{"prediction", std::string(prediction)}, {"schedule", std::string(schedule)}, {"min_snr_gamma", gamma}});
      const Example example = loss->fixed_example(sprites.x, sprites.classes, 1);
      for (int i = 0; i < 64; ++i) {
        const int step = static_cast<int>(std::lround(example.t[i].item<double>() * 1000));
        CHECK(step == (2 * i + 1) * 1000 / 128);
        const double signal = loss->schedule().alphas_bar[static_cast<std::size_t>(step)], noise = 1 - signal, snr = signal / noise;
        const at::Tensor x = sprites.x[i].to(at::kDouble),
                         epsilon = (example.x_t[i].to(at::kDouble) - std::sqrt(signal) * x) / std::sqrt(noise);
        if (i > 4) {  // with so little noise, fp32 leaves too few digits of it
          const std::string name = prediction;
          const at::Tensor target = name == "eps" ? epsilon : name == "x0" ? x : std::sqrt(signal) * epsilon - std::sqrt(noise) * x;
          CHECK((example.target[i] - target).abs().max().item<double>() < 1e-4);
          CHECK(std::abs(epsilon.mean().item<double>()) < 0.6);  // 64 numbers of a unit normal
          CHECK(std::abs(epsilon.square().mean().item<double>() - 1) < 0.8);
        }
        const double least = std::min(snr, gamma);
        const double weight = prediction == std::string("eps") ? least / snr
                              : prediction == std::string("v") ? least / (snr + 1)
                                                               : least;
        CHECK(std::abs(example.weight[i].item<double>() - weight) <= 1e-5 * weight);
        for (int c = 0; c < 3; ++c) CHECK(example.condition[i][c].item<double>() == (c == i % 3 ? 1 : 0));
      }
    }
  }
}

TEST_CASE("without Min-SNR all noise levels weigh the same") {
  const Sprites sprites;
  const Example example = objective({{"min_snr_gamma", 0.0}})->fixed_example(sprites.x, sprites.classes, 1);
  CHECK(at::equal(example.weight, at::ones({64})));
}

TEST_CASE("pure noise at the last step has finite weights") {
  const Sprites sprites;
  for (const char* prediction : {"eps", "v", "x0"}) {
    const auto loss =
        objective({{"prediction", std::string(prediction)}, {"zero_terminal_snr", true}, {"timesteps", std::int64_t{10}}});
    const Example example = loss->fixed_example(sprites.x, sprites.classes, 1);
    CHECK(at::isfinite(example.weight).all().item<bool>());
    CHECK(at::isfinite(example.target).all().item<bool>());
  }
}

TEST_CASE("log-normal noise levels are those of EDM: half of the draws below ln(σ/α) = -1.2, a sixth below -2.4") {
  const Sprites sprites;
  const auto loss = objective({{"timestep_distribution", std::string("log_normal")}});
  int below_middle = 0, below_one_deviation = 0, draws = 0;
  for (int step = 0; step < 100; ++step) {
    const at::Tensor t = loss->training_example(sprites.x, sprites.classes, 4, step).t * 1000;
    for (int i = 0; i < 64; ++i, ++draws) {
      const double alpha_bar = loss->schedule().alphas_bar[static_cast<std::size_t>(std::lround(t[i].item<double>()))];
      const double log_ratio = 0.5 * std::log((1 - alpha_bar) / alpha_bar);
      below_middle += log_ratio < -1.2;
      below_one_deviation += log_ratio < -2.4;
    }
  }
  CHECK(below_middle == doctest::Approx(0.5 * draws).epsilon(0.02));
  CHECK(below_one_deviation == doctest::Approx(0.1587 * draws).epsilon(0.04));
}

TEST_CASE("a training example depends on seed and step alone, and spreads over the noise levels") {
  const Sprites sprites;
  const auto loss = objective({});
  const Example one = loss->training_example(sprites.x, sprites.classes, 4, 100),
                again = objective({})->training_example(sprites.x, sprites.classes, 4, 100);
  CHECK(at::equal(one.x_t, again.x_t));
  CHECK(at::equal(one.condition, again.condition));
  CHECK_FALSE(at::equal(one.t, loss->training_example(sprites.x, sprites.classes, 4, 101).t));
  CHECK_FALSE(at::equal(one.x_t, loss->training_example(sprites.x, sprites.classes, 5, 100).x_t));
  for (int step = 0; step < 20; ++step) {
    const Example example = loss->training_example(sprites.x, sprites.classes, 4, step);
    CHECK(example.t.min().item<double>() >= 0);
    CHECK(example.t.max().item<double>() < 1);
    for (int quarter = 0; quarter < 4; ++quarter) {
      const auto count = (example.t >= quarter / 4.0).logical_and(example.t < (quarter + 1) / 4.0).sum().item<int>();
      CHECK(std::abs(count - 16) <= 1);
    }
  }
}

TEST_CASE("classes are left out as often as asked for") {
  const Sprites sprites;
  for (const double share : {0.0, 0.1, 0.5}) {
    const auto loss = objective({{"p_uncond", share}});
    double left_out = 0;
    for (int step = 0; step < 60; ++step) {
      const Example example = loss->training_example(sprites.x, sprites.classes, 4, step);
      const at::Tensor total = example.condition.sum(1);
      left_out += (total == 0).sum().item<double>();
      CHECK((total == 0).logical_or(at::argmax(example.condition, 1) == sprites.classes).all().item<bool>());
    }
    CHECK(std::abs(left_out / (60 * 64) - share) < (share == 0 ? 1e-9 : 0.03));
  }
}

TEST_CASE("the loss is the weighted mean square per sprite, summed") {
  Model model = small_model({4, 4, 4, 0}, {"a", "b", "c"});
  const Sprites sprites;
  const auto loss = objective({});
  const Example example = loss->fixed_example(sprites.x, sprites.classes, 1);
  const at::NoGradGuard no_grad;
  const at::Tensor output = model.network->forward(example.x_t, example.t, example.condition);
  double expected = 0;
  for (int i = 0; i < 64; ++i)
    expected += example.weight[i].item<double>() * (output[i] - example.target[i]).to(at::kDouble).square().mean().item<double>();
  CHECK(loss->loss_sum(*model.network, example).item<double>() == doctest::Approx(expected).epsilon(1e-4));
  CHECK(loss->loss_sum(*model.network, example.rows(0, 20)).item<double>() +
            loss->loss_sum(*model.network, example.rows(20, 44)).item<double>() ==
        doctest::Approx(expected).epsilon(1e-4));
}

TEST_CASE("the older noise is scaled by 1-ᾱ, and does not go with v") {
  const Sprites sprites;
  const ParamMap recipe = {{"prediction", std::string("eps")}, {"schedule", std::string("linear")}, {"min_snr_gamma", 0.0}};
  ParamMap older = recipe;
  older["legacy_noise"] = true;
  const auto plain = objective(recipe), legacy = objective(older);
  const Example a = plain->fixed_example(sprites.x, sprites.classes, 1), b = legacy->fixed_example(sprites.x, sprites.classes, 1);
  CHECK(at::equal(a.target, b.target));
  for (const int i : {10, 40, 60}) {
    const double signal = plain->schedule().alphas_bar[static_cast<std::size_t>((2 * i + 1) * 1000 / 128)];
    const at::Tensor expected = std::sqrt(signal) * sprites.x[i] + (1 - signal) * b.target[i];
    CHECK((b.x_t[i] - expected).abs().max().item<double>() < 1e-5);
    CHECK((a.x_t[i] - expected).abs().max().item<double>() > 1e-4);
  }
  CHECK_THROWS(objective({{"prediction", std::string("v")}, {"legacy_noise", true}}));
}

TEST_CASE("a palette head is compared with each pixel's entry, and on request with its colour") {
  const PaletteEntries palette = opaque_entries({"", {{0, 0, 0}, {255, 0, 51}, {102, 204, 255}}}, 4);
  torch::manual_seed(2);
  const at::Tensor wanted = at::randint(4, {6, 4, 4}, at::kLong);
  const at::Tensor entries = entries_tensor(palette, 4);
  const at::Tensor x = entries.index({wanted}).permute({0, 3, 1, 2}).contiguous(), classes = at::arange(6).remainder(3);
  // A new network's head is all zero: each entry is as likely as any.
  const Model model =
      make_model("kiln_unet", small_params(), {.width = 4, .height = 4, .channels = 4, .outputs = 4}, {"a", "b", "c"});
  for (const double distance : {0.0, 0.5}) {
    CAPTURE(distance);
    const auto loss = make_objective(make_recipe("", {{"palette_distance", distance}}), 3, palette);
    CHECK(loss->outputs(4) == 4);
    const Example example = loss->fixed_example(x, classes, 1);
    CHECK(at::equal(example.target, wanted));
    const at::Tensor losses = loss->losses(*model.network, example);
    REQUIRE(losses.sizes() == at::IntArrayRef{6});
    for (int i = 0; i < 6; ++i) {
      const double signal = loss->schedule().alphas_bar[static_cast<std::size_t>(std::lround(example.t[i].item<double>() * 1000))];
      const double far = (entries.mean(0).view({4, 1, 1}) - x[i]).square().mean().item<double>();
      const double least = std::min(signal / (1 - signal), 5.0);
      CHECK(losses[i].item<double>() == doctest::Approx(std::log(4.0) + distance * least * far).epsilon(1e-4));
    }
  }
}

TEST_CASE("frames are a group of the condition after the classes, left out now and then, and gone with the class") {
  const Sprites sprites;
  const at::Tensor numbers = at::stack({sprites.classes, at::arange(64).remainder(5) - 1}, 1);  // -1: of no animation
  const auto loss = make_objective(make_recipe("", {{"p_uncond", 0.2}}), {3, 4});
  const at::Tensor whole = loss->fixed_example(sprites.x, numbers, 1).condition;
  REQUIRE((whole.sizes().vec() == std::vector<std::int64_t>{64, 7}));
  for (int i = 0; i < 64; ++i) {
    CHECK(whole[i][i % 3].item<float>() == 1);
    CHECK(whole[i].narrow(0, 3, 4).sum().item<float>() == (i % 5 == 0 ? 0 : 1));
    if (i % 5 > 0) CHECK(whole[i][3 + i % 5 - 1].item<float>() == 1);
  }
  int null = 0, no_frame = 0, all = 0;
  for (int step = 0; step < 40; ++step) {
    const at::Tensor condition = loss->training_example(sprites.x, numbers, 1, step).condition;
    for (int i = 0; i < 64; ++i) {
      if (i % 5 == 0) continue;
      const bool has_class = condition[i].narrow(0, 0, 3).sum().item<float>() > 0,
                 has_frame = condition[i].narrow(0, 3, 4).sum().item<float>() > 0;
      CHECK((has_class || !has_frame));
      null += !has_class;
      no_frame += has_class && !has_frame;
      ++all;
    }
  }
  CHECK(null > 0.15 * all);
  CHECK(null < 0.25 * all);
  CHECK(no_frame > 0.05 * all);
  CHECK(no_frame < 0.12 * all);
}
