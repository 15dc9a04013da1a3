#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/base/cpu.h"
#include "engine/inference/make_denoiser.h"
#include "engine/network/kernels/isa.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

struct Net {
  std::string network;
  NetworkShape shape;
  ParamMap params;   // those that are not the defaults
  int halvings = 0;  // of the picture
};

ParamMap kiln_params(const std::string& multipliers, std::int64_t width, std::int64_t blocks, std::int64_t attention,
                     std::int64_t head_channels, std::int64_t group_channels) {
  return {{"width", width},
          {"multipliers", multipliers},
          {"blocks", blocks},
          {"attention", attention},
          {"head_channels", head_channels},
          {"group_channels", group_channels},
          {"embedding", std::int64_t{48}}};
}

ParamMap unet2d_params(const std::string& channels, const std::string& attention, std::int64_t groups) {
  return {{"level_channels", channels},
          {"down_attention", attention},
          {"up_attention", attention},
          {"blocks", std::int64_t{1}},
          {"groups", groups}};
}

ParamMap with(ParamMap params, const ParamMap& more) {
  for (const auto& [name, value] : more) params[name] = value;
  return params;
}

// Sides that are no powers of two, odd pixel counts, one level, RGB, groups and heads of other widths than the default; every
// family, with and without what its parameters add.
const std::vector<Net> kNets = {
    {"kiln_unet", {16, 16, 4, 5}, kiln_params("1,1.5,2", 32, 2, 8, 32, 16), 2},
    {"kiln_unet", {24, 16, 3, 2}, kiln_params("1,2", 32, 1, 16, 16, 8), 1},
    {"kiln_unet", {10, 14, 4, 3}, kiln_params("1,1", 16, 1, 64, 8, 4), 1},
    {"kiln_unet", {8, 8, 4, 1}, kiln_params("1", 16, 1, 0, 16, 16), 0},
    {"kiln_unet", {16, 8, 3, 2, 9}, kiln_params("1,2", 16, 1, 8, 8, 8), 1},          // more outputs than channels
    {"kiln_unet", {8, 8, 4, 2, 1}, kiln_params("1", 16, 1, 0, 16, 16), 0},           // fewer
    {"kiln_unet", {8, 8, 4, 2, 0, 0, true}, kiln_params("1", 16, 1, 0, 16, 16), 0},  // told guidance and steps
    {"context_unet", {16, 16, 4, 5}, {{"stem", std::int64_t{32}}, {"level_channels", "32,48,64"}}, 2},
    {"context_unet",
     {12, 20, 3, 2, 7},
     {{"stem", std::int64_t{24}}, {"level_channels", "40,24"}, {"attention", "1,0"}, {"blocks", std::int64_t{1}}},
     1},
    {"sprite_unet", {16, 16, 3, 5}, {{"features", std::int64_t{32}}}, 2},
    {"sprite_unet", {12, 12, 4, 2}, {{"features", std::int64_t{24}}, {"time_scale", 500.0}}, 2},
    {"sprite_unet", {8, 8, 8, 2}, {{"features", std::int64_t{8}}}, 2},  // as many channels as features: no shortcut
    {"unet2d", {16, 16, 4, 5}, unet2d_params("32,64", "0,1", 16), 1},
    {"unet2d",
     {12, 8, 3, 2},
     with(unet2d_params("24,32,32", "0,1,1", 8),
          {{"pad_end_only", true}, {"centre_input", true}, {"head_channels", std::int64_t{0}}, {"cosine_first", false}}),
     2},
    {"unet2d", {8, 8, 4, 1}, with(unet2d_params("16", "0", 4), {{"middle_attention", false}, {"frequency_shift", 1.0}}), 0},
};

Model random_model(const Net& net) {
  torch::manual_seed(11);
  ParamMap params = with(defaults_of(find_network(net.network).params), net.params);
  std::vector<std::string> classes;
  for (int i = 0; i < net.shape.classes; ++i) classes.push_back("class" + std::to_string(i));
  Model model = make_model(net.network, params, net.shape, classes);
  // Nothing may hide behind the zeros that a fresh network has in its last layers, or the ones of a norm that has seen nothing.
  const at::NoGradGuard no_grad;
  for (at::Tensor& parameter : model.network->parameters()) {
    if (at::count_nonzero(parameter).item<std::int64_t>() == 0) parameter.normal_(0.0, 0.05);
    if (parameter.dim() == 1 && at::all(parameter == 1).item<bool>()) parameter.uniform_(0.5, 1.5);
  }
  for (auto& buffer : model.network->named_buffers()) {
    if (buffer.key().ends_with("running_mean")) buffer.value().normal_(0.0, 0.3);
    if (buffer.key().ends_with("running_var")) buffer.value().uniform_(0.2, 2.0);
  }
  model.network->eval();
  return model;
}

at::Tensor random_condition(int sprites, const NetworkShape& shape) {
  at::Tensor condition = at::zeros({sprites, shape.condition_width()});
  for (int i = 0; i < sprites; ++i) {
    condition[i][i % shape.classes] = i % 3 == 2 ? 0.4f : 1.0f;
    if (!shape.distilled) continue;
    condition[i][shape.classes] = 1.0f + 0.5f * static_cast<float>(i);
    condition[i][shape.classes + 1] = static_cast<float>(1 + i % 4);
  }
  return condition;
}

at::Tensor random_condition(int sprites, int classes) { return random_condition(sprites, NetworkShape{.classes = classes}); }

at::Tensor random_x(const Model& model, int sprites) {
  return torch::randn({sprites, model.shape.channels, model.shape.height, model.shape.width});
}

at::Tensor once(Denoiser& denoiser, const at::Tensor& x, const at::Tensor& condition, bool guided, int step = 1) {
  denoiser.begin({990.0, 500.0, 10.0}, condition, at::zeros_like(condition));
  return denoiser.evaluate(x, step, guided);
}

double relative(const at::Tensor& got, const at::Tensor& expected) {
  return (got - expected).abs().max().item<double>() / expected.abs().max().item<double>();
}

std::unique_ptr<Denoiser> planned(const Model& model, bool bf16, int threads) {
  return make_planned_denoiser(model, {c10::kCPU, bf16, threads});
}

}  // namespace

TEST_CASE("the plan computes what the network computes") {
  for (const Net& net : kNets) {
    CAPTURE(net.network);
    CAPTURE(net.shape.width);
    const Model model = random_model(net);
    const at::Tensor x = random_x(model, 5), condition = random_condition(5, net.shape);
    const auto eager = make_eager_denoiser(model, {});
    const auto plan = planned(model, false, 2);
    if (!plan) return;
    for (const bool guided : {false, true}) {
      for (const int step : {0, 2}) {
        const at::Tensor expected = once(*eager, x, condition, guided, step);
        const at::Tensor got = once(*plan, x, condition, guided, step);
        REQUIRE(got.sizes() == expected.sizes());
        CHECK(got.size(1) == net.shape.output_channels());
        CHECK(relative(got, expected) < 1e-4);
      }
    }
  }
}

TEST_CASE("the other half of guidance is the negative condition's, and the null condition's where that is null") {
  for (const Net& net : kNets) {
    CAPTURE(net.network);
    CAPTURE(net.shape.width);
    const Model model = random_model(net);
    const at::Tensor x = random_x(model, 5), condition = random_condition(5, net.shape), none = at::zeros_like(condition);
    const at::Tensor negative = 0.7 * condition.flip({0});
    for (const auto& denoiser : {make_eager_denoiser(model, {}), make_denoiser(model, {})}) {
      const auto halves = [&](const at::Tensor& of, const at::Tensor& against) {
        denoiser->begin({990.0, 500.0, 10.0}, of, against);
        return denoiser->evaluate(x, 1, true).chunk(2);
      };
      const auto guided = halves(condition, negative), swapped = halves(negative, condition), plain = halves(condition, none);
      CHECK(relative(guided[1], swapped[0]) < 1e-5);
      CHECK(relative(guided[0], plain[0]) < 1e-5);
      CHECK(relative(plain[1], halves(none, condition)[0]) < 1e-5);
      CHECK(relative(guided[1], plain[1]) > 3e-5);
    }
  }
}

TEST_CASE("the plan in bf16 stays close to fp32") {
  if (!cpu_has_fast_bf16()) return;
  for (const Net& net : kNets) {
    CAPTURE(net.network);
    CAPTURE(net.shape.width);
    const Model model = random_model(net);
    const at::Tensor x = random_x(model, 4), condition = random_condition(4, net.shape);
    const auto plan = planned(model, true, 1);
    if (!plan) return;
    const at::Tensor expected = once(*make_eager_denoiser(model, {}), x, condition, true);
    const at::Tensor got = once(*plan, x, condition, true);
    const double error = ((got - expected).norm() / expected.norm()).item<double>();
    CHECK(error < 0.04);
    CHECK(error > 1e-6);  // it is bf16
  }
}

TEST_CASE("a sprite comes out the same to the bit alone, among others, and on any number of threads") {
  for (const int which : {0, 7, 9, 12}) {
    const Model model = random_model(kNets[static_cast<std::size_t>(which)]);
    CAPTURE(model.network_id);
    const at::Tensor x = random_x(model, 64), condition = random_condition(64, 5);
    for (const bool bf16 : {false, true}) {
      if (bf16 && !cpu_has_fast_bf16()) continue;
      const auto plan = planned(model, bf16, 1);
      if (!plan) return;
      for (const bool guided : {false, true}) {
        const at::Tensor all = once(*plan, x, condition, guided).view({guided ? 2 : 1, 64, -1});
        for (const int threads : {1, 2, 5}) {
          CAPTURE(threads);
          const auto other = planned(model, bf16, threads);
          for (const int sprites : {1, 5, 64}) {
            CAPTURE(sprites);
            const int first = sprites == 64 ? 0 : 37;
            const at::Tensor some = once(*other, x.narrow(0, first, sprites), condition.narrow(0, first, sprites), guided);
            CHECK(at::equal(some.view({guided ? 2 : 1, sprites, -1}), all.narrow(1, first, sprites)));
          }
        }
      }
    }
  }
}

TEST_CASE("the null half ignores the class") {
  const Model model = random_model(kNets[0]);
  const at::Tensor x = random_x(model, 2);
  for (const auto& denoiser : {make_denoiser(model, {}), make_eager_denoiser(model, {})}) {
    const at::Tensor one = once(*denoiser, x, random_condition(2, 5), true);
    const at::Tensor other = once(*denoiser, x, at::zeros({2, 5}), true);
    CHECK(relative(one.narrow(0, 2, 2), other.narrow(0, 2, 2)) < 1e-6);
    CHECK(relative(other.narrow(0, 0, 2), other.narrow(0, 2, 2)) < 1e-6);
    CHECK(relative(one.narrow(0, 0, 2), one.narrow(0, 2, 2)) > 1e-3);
  }
}

TEST_CASE("a run that is too long for one table of embeddings is no different") {
  const Model model = random_model(kNets[3]);
  const at::Tensor x = random_x(model, 1), condition = random_condition(1, 1);
  std::vector<double> many;
  for (int i = 0; i < 2500; ++i) many.push_back(999.0 - 0.25 * i);
  const auto denoiser = make_denoiser(model, {});
  denoiser->begin(many, condition, at::zeros_like(condition));
  const at::Tensor late = denoiser->evaluate(x, 2400, true), early = denoiser->evaluate(x, 3, true);
  denoiser->begin({many[3], many[2400]}, condition, at::zeros_like(condition));
  CHECK(relative(early, denoiser->evaluate(x, 0, true)) < 1e-6);
  CHECK(relative(late, denoiser->evaluate(x, 1, true)) < 1e-6);
}

TEST_CASE("every family has a plan, on every instruction set") {
  if (!planned(random_model(kNets[0]), false, 1)) return;
  const Isa here = kernel_isa();
  for (const Net& net : kNets) {
    CAPTURE(net.network);
    const Model model = random_model(net);
    const at::Tensor x = random_x(model, 2), condition = random_condition(2, net.shape);
    const at::Tensor expected = once(*make_eager_denoiser(model, {}), x, condition, true);
    for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512}) {
      if (static_cast<int>(isa) > static_cast<int>(detected_isa())) continue;
      set_kernel_isa(isa);
      const auto plan = planned(model, false, 1);
      REQUIRE(plan);
      CHECK(relative(once(*plan, x, condition, true), expected) < 1e-4);
    }
    set_kernel_isa(here);
  }
}

TEST_CASE("a plan keeps the weights that it was made with, and leaves the network as it was") {
  Model model = random_model(kNets[3]);
  const at::Tensor x = random_x(model, 1), condition = random_condition(1, 1);
  const auto eager = make_eager_denoiser(model, {c10::kCPU, true, 1});
  model.network->train();
  once(*eager, x, condition, true);
  CHECK(model.network->is_training());
  CHECK((model.network->compute_type() == at::kFloat));

  const auto plan = planned(model, false, 1);
  if (!plan) return;
  const at::Tensor before = once(*plan, x, condition, false);
  {
    const at::NoGradGuard no_grad;
    for (auto& item : model.network->named_parameters()) {
      if (item.key() == "head.weight") item.value().zero_();
    }
  }
  CHECK(at::equal(once(*plan, x, condition, false), before));
}

TEST_CASE("where sprites tile, what is rolled comes out rolled, and along no other axis") {
  for (const Net& net : kNets) {
    CAPTURE(net.network);
    CAPTURE(net.shape.width);
    const Model model = random_model(net);
    const at::Tensor x = random_x(model, 3), condition = random_condition(3, net.shape);
    const std::int64_t stride = std::int64_t{1} << net.halvings;
    const bool knows_places = net.network == "sprite_unet";  // its smallest picture has weights for each pixel
    const at::Tensor untiled = once(*make_eager_denoiser(model, {}), x, condition, true);
    for (const Tiling tiling : {Tiling{true, false}, Tiling{false, true}, Tiling{true, true}}) {
      CAPTURE(tiling.x);
      CAPTURE(tiling.y);
      const DenoiserOptions options{c10::kCPU, false, 2, tiling};
      const at::Tensor expected = once(*make_eager_denoiser(model, options), x, condition, true);
      CHECK(relative(expected, untiled) > 1e-4);
      for (const auto& denoiser : {make_denoiser(model, options), make_eager_denoiser(model, options)}) {
        CHECK(relative(once(*denoiser, x, condition, true), expected) < 1e-4);
        for (const std::int64_t axis : {2, 3}) {
          if (knows_places) continue;
          const double error = relative(once(*denoiser, x.roll(stride, axis), condition, true).roll(-stride, axis), expected);
          CHECK((error < 1e-4) == (axis == 2 ? tiling.y : tiling.x));
        }
      }
    }
    CHECK(at::equal(once(*make_eager_denoiser(model, {}), x, condition, true), untiled));
  }
}

TEST_CASE("a tiling plan in bf16 stays close to fp32") {
  if (!cpu_has_fast_bf16()) return;
  const Model model = random_model(kNets[0]);
  const at::Tensor x = random_x(model, 4), condition = random_condition(4, 5);
  const Tiling both{true, true};
  const auto plan = make_planned_denoiser(model, {c10::kCPU, true, 1, both});
  if (!plan) return;
  const at::Tensor expected = once(*make_eager_denoiser(model, {c10::kCPU, false, 1, both}), x, condition, true);
  CHECK(((once(*plan, x, condition, true) - expected).norm() / expected.norm()).item<double>() < 0.02);
}
