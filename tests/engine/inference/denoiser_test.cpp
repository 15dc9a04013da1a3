#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/base/cpu.h"
#include "engine/inference/make_denoiser.h"
#include "engine/inference/recorded_denoiser.h"
#include "engine/network/kernels/isa.h"
#include "tests/engine/inference/networks.h"
#include "tests/support/gpu.h"
#include "tests/support/host_stream.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

at::Tensor once(Denoiser& denoiser, const at::Tensor& x, const at::Tensor& condition, bool guided, int step = 1) {
  denoiser.begin({990.0, 500.0, 10.0}, condition, at::zeros_like(condition));
  return denoiser.evaluate(x, step, guided);
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

// The same evaluations again and again, of two numbers of sprites in turn: what is recorded and what is not.
void check_repeated(const Model& model, Denoiser& denoiser, c10::Device device, double tolerance) {
  const auto eager = make_eager_denoiser(model, {});
  for (int time = 0; time < 12; ++time) {
    CAPTURE(time);
    const int sprites = time % 2 == 0 ? 3 : 2;
    const at::Tensor x = random_x(model, sprites), condition = random_condition(sprites, model.shape), other = condition.flip({0});
    for (Denoiser* const one : {eager.get(), &denoiser}) one->begin({990.0, 500.0, 10.0}, condition, other);
    const bool guided = time % 3 != 0;
    const at::Tensor expected = eager->evaluate(x, time % 3, guided);
    CHECK(relative(denoiser.evaluate(x.to(device), time % 3, guided).cpu(), expected) < tolerance);
  }
}

TEST_CASE("a recorded denoiser gives what the network gives, for every number of sprites, step and condition") {
  const Model model = random_model(kNets[0]);
  const auto recorded = make_recorded_denoiser(model, {}, [](c10::Device) { return std::make_unique<HostStream>(); });
  REQUIRE(recorded != nullptr);
  check_repeated(model, *recorded, c10::kCPU, 1e-6);
  CHECK(make_recorded_denoiser(model, {}, make_cuda_stream) == nullptr);  // the CPU
}

TEST_CASE("of more numbers of sprites than a recorded denoiser keeps, the last are evaluated plainly") {
  const Model model = random_model(kNets[0]);
  int recordings = 0;
  struct Counting : HostStream {
    explicit Counting(int& count) : count_(count) {}
    std::function<void()> record(const std::function<void()>& work, const std::function<void()>& reset) override {
      ++count_;
      return HostStream::record(work, reset);
    }
    int& count_;
  };
  const auto recorded = make_recorded_denoiser(model, {}, [&](c10::Device) { return std::make_unique<Counting>(recordings); });
  const auto eager = make_eager_denoiser(model, {});
  for (int time = 0; time < 5; ++time) {
    for (int sprites = 1; sprites <= 10; ++sprites) {
      const at::Tensor x = random_x(model, sprites), condition = random_condition(sprites, model.shape);
      CHECK(relative(once(*recorded, x, condition, false), once(*eager, x, condition, false)) < 1e-6);
    }
  }
  CHECK(recordings == 8);
}

GPU_TEST_CASE("a denoiser on a GPU gives what the network gives") {
  for (const Net& net : kNets) {
    if (net.shape.width != 16) continue;
    CAPTURE(net.network);
    const Model model = random_model(net);
    for (const bool bf16 : {false, true}) {
      CAPTURE(bf16);
      const auto denoiser = make_denoiser(model, {c10::Device(c10::kCUDA, 0), bf16, 1});
      check_repeated(model, *denoiser, c10::Device(c10::kCUDA, 0), bf16 ? 0.1 : 0.01);
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
