// What is shown of a sprite at one noise level, against the definitions.

#include "engine/lab/study.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>
#include <torch/utils.h>

#include <cmath>
#include <functional>

#include "engine/network/blocks/attention_recorder.h"
#include "engine/network/model.h"

using namespace kiln;

namespace {

// Answers with what it was told to, both halves.
struct Told : Denoiser {
  at::Tensor output;  // [2, C, H, W]
  at::Tensor seen;
  void begin(const std::vector<double>&, const at::Tensor&, const at::Tensor&) override {}
  at::Tensor evaluate(const at::Tensor& x, int, bool) override {
    seen = x;
    return output;
  }
};

// The network as it is.
struct Direct : Denoiser {
  Network& network;
  at::Tensor condition;
  double level = 0;
  explicit Direct(Network& of) : network(of) {}
  void begin(const std::vector<double>& timesteps, const at::Tensor& of, const at::Tensor& negative) override {
    condition = at::cat({of, negative});
    level = timesteps.front() / 1000;
  }
  at::Tensor evaluate(const at::Tensor& x, int, bool) override {
    return network.forward(at::cat({x, x}), at::full({2}, level), condition);
  }
};

struct Setup {
  NoiseSchedule schedule = make_schedule({});
  at::Tensor x0, noise;
  int timestep = 400;
  double signal = 0, spread = 0;

  Setup() {
    torch::manual_seed(3);
    x0 = at::rand({1, 4, 8, 8}) * 2 - 1;
    noise = at::randn({1, 4, 8, 8});
    const double alpha_bar = schedule.alphas_bar[400];
    signal = std::sqrt(alpha_bar);
    spread = std::sqrt(1 - alpha_bar);
  }
  StudyInput input(double guidance) const {
    StudyInput in{x0, noise, at::zeros({1, 2}), at::zeros({1, 2}), timestep, {}};
    in.guidance.scale = guidance;
    return in;
  }
};

const ValueMap& values_of(const Study& study, const std::string& id) {
  for (const LabPicture& picture : study.pictures) {
    if (picture.id == id) return picture.values;
  }
  FAIL("no picture " << id);
  throw 0;
}

// The largest difference from `wanted`, a function of the place.
double largest(const ValueMap& map, const std::function<double(int, int, int)>& wanted) {
  double worst = 0;
  for (int c = 0; c < map.channels; ++c) {
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) worst = std::max(worst, std::abs(static_cast<double>(map.at(c, y, x)) - wanted(c, y, x)));
    }
  }
  return worst;
}

double at_place(const at::Tensor& tensor, int c, int y, int x) { return tensor[0][c][y][x].item<double>(); }

}  // namespace

TEST_CASE("the noisy sprite is √ᾱ · x0 + √(1-ᾱ) · ε, and that is what the network is given") {
  const Setup setup;
  Told told;
  told.output = at::zeros({2, 4, 8, 8});
  const Study found = study(setup.schedule, Prediction::kV, told, setup.input(2));
  CHECK(found.alpha_bar == setup.schedule.alphas_bar[400]);
  const auto formula = [&](int c, int y, int x) {
    return setup.signal * at_place(setup.x0, c, y, x) + setup.spread * at_place(setup.noise, c, y, x);
  };
  CHECK(largest(values_of(found, "noisy"), formula) < 1e-6);
  CHECK(largest(values_of(found, "noisy"), [&](int c, int y, int x) { return at_place(told.seen, c, y, x); }) == 0);
  CHECK(largest(values_of(found, "sprite"), [&](int c, int y, int x) { return at_place(setup.x0, c, y, x); }) == 0);
  CHECK(largest(values_of(found, "noise"), [&](int c, int y, int x) { return at_place(setup.noise, c, y, x); }) == 0);
}

TEST_CASE("a network that is right sees the sprite and its noise, whatever it predicts") {
  const Setup setup;
  for (const Prediction prediction : {Prediction::kV, Prediction::kEpsilon, Prediction::kX0}) {
    const at::Tensor right = prediction == Prediction::kV         ? setup.signal * setup.noise - setup.spread * setup.x0
                             : prediction == Prediction::kEpsilon ? setup.noise
                                                                  : setup.x0;
    Told told;
    told.output = at::cat({right, right});
    const Study found = study(setup.schedule, prediction, told, setup.input(3));
    CHECK(largest(values_of(found, "predicted_sprite"), [&](int c, int y, int x) { return at_place(setup.x0, c, y, x); }) < 2e-5);
    CHECK(largest(values_of(found, "predicted_noise"), [&](int c, int y, int x) { return at_place(setup.noise, c, y, x); }) < 2e-5);
    CHECK(largest(values_of(found, "difference"), [](int, int, int) { return 0.0; }) < 2e-5);
    CHECK(largest(values_of(found, "guidance"), [](int, int, int) { return 0.0; }) < 2e-5);
  }
}

TEST_CASE("guidance leads from the null condition's prediction past the class's") {
  const Setup setup;
  Told told;
  const at::Tensor with = at::full({1, 4, 8, 8}, 0.5), without = at::full({1, 4, 8, 8}, 0.2);
  told.output = at::cat({with, without});
  const Study found = study(setup.schedule, Prediction::kX0, told, setup.input(3));
  CHECK(largest(values_of(found, "conditional"), [](int, int, int) { return 0.5; }) < 1e-6);
  CHECK(largest(values_of(found, "unconditional"), [](int, int, int) { return 0.2; }) < 1e-6);
  CHECK(largest(values_of(found, "predicted_sprite"), [](int, int, int) { return 0.2 + 3 * 0.3; }) < 1e-6);
  CHECK(largest(values_of(found, "guidance"), [](int, int, int) { return 0.6; }) < 1e-6);
}

TEST_CASE("a palette head: each pixel's probabilities sum to 1, and make its predicted colour") {
  const Setup setup;
  torch::manual_seed(5);
  const PaletteEntries entries = {kTransparent, {255, 0, 0, 255}, {10, 200, 30, 255}};
  Told told;
  told.output = at::randn({2, 3, 8, 8});
  const Study found = study(setup.schedule, OutputHead(entries_tensor(entries, 4)), told, setup.input(1));
  const ValueMap& p = found.probabilities;
  REQUIRE((p.channels == 3 && p.height == 8 && p.width == 8));
  const auto colour = [&](int c, int y, int x) {
    double sum = 0, all = 0;
    for (int entry = 0; entry < 3; ++entry) {
      const Rgba8& of = entries[static_cast<std::size_t>(entry)];
      const int channels[] = {of.r, of.g, of.b, of.a};
      sum += static_cast<double>(p.at(entry, y, x)) * (channels[c] / 127.5 - 1);
      all += static_cast<double>(p.at(entry, y, x));
    }
    return sum + 100 * (all - 1);  // none but a whole certainty is right
  };
  CHECK(largest(values_of(found, "predicted_sprite"), colour) < 1e-4);
  CHECK(largest(values_of(found, "conditional"), colour) < 1e-4);  // at guidance 1
  told.output = at::zeros({2, 4, 8, 8});
  CHECK(study(setup.schedule, Prediction::kV, told, setup.input(1)).probabilities.values.empty());
  const ColourProbabilities colours{entries, p};
  double mean = 0;
  for (std::size_t entry = 0; entry < 3; ++entry) mean += colours.mean(entry);
  CHECK(mean == doctest::Approx(1));
  const std::vector<std::size_t> two = colours.likeliest(2);
  REQUIRE(two.size() == 2);
  CHECK(two[0] < two[1]);
  const std::size_t left_out = 3 - two[0] - two[1];
  CHECK((colours.mean(left_out) <= colours.mean(two[0]) && colours.mean(left_out) <= colours.mean(two[1])));
}

TEST_CASE("noise and differences are shown around a middle grey, sprites as they are") {
  const Setup setup;
  Told told;
  told.output = at::cat({setup.x0, setup.x0});
  StudyInput input = setup.input(2);
  input.noise = at::zeros_like(input.noise);
  input.x0 = at::full_like(input.x0, -1.0);
  const Study found = study(setup.schedule, Prediction::kX0, told, input);
  for (const LabPicture& picture : found.pictures) {
    const std::uint8_t* pixel = picture.shown.pixel(3, 3);
    if (picture.id == "noise") CHECK((pixel[0] == 128 && pixel[3] == 255));
    if (picture.id == "guidance") CHECK((pixel[0] == 128 && pixel[3] == 255));
    if (picture.id == "sprite") CHECK((pixel[0] == 0 && pixel[3] == 0));
  }
}

TEST_CASE("attention of the layers in their order; watching changes nothing") {
  torch::manual_seed(7);
  const Model model = make_model("kiln_unet",
                                 {{"width", std::int64_t{32}},
                                  {"multipliers", std::string("1,1")},
                                  {"blocks", std::int64_t{1}},
                                  {"attention", std::int64_t{4}},
                                  {"embedding", std::int64_t{32}}},
                                 {8, 8, 4, 2}, {"axe", "potion"});
  const torch::NoGradGuard no_grad;
  model.network->eval();
  for (auto& parameter : model.network->parameters()) {
    if (parameter.abs().max().item<float>() == 0) parameter.uniform_(-0.05, 0.05);
  }
  const Setup setup;
  Direct direct(*model.network);
  const Study found = study(setup.schedule, Prediction::kV, direct, setup.input(2));
  REQUIRE(found.attention.size() == 3);  // a block down, the middle, a block up
  CHECK(found.attention[0].label == "4×4, 1");
  CHECK(found.attention[2].label == "4×4, 3");
  for (const AttentionMap& map : found.attention) {
    REQUIRE(map.weights.size() == 16 * 16);
    for (int row = 0; row < 16; ++row) {
      float sum = 0;
      for (int i = 0; i < 16; ++i) sum += map.weights[static_cast<std::size_t>(row * 16 + i)];
      CHECK(sum == doctest::Approx(1).epsilon(1e-5));
    }
  }
  const at::Tensor x = at::randn({1, 4, 8, 8}), t = at::full({1}, 0.4), condition = at::zeros({1, 2});
  const at::Tensor alone = model.network->forward(x, t, condition);
  const AttentionRecorder recorder;
  CHECK(at::equal(model.network->forward(x, t, condition), alone));
  CHECK(recorder.layers().size() == 3);
}
