#include "engine/training/gradient_workers.h"

#include <ATen/ATen.h>

#include <memory>
#include <stdexcept>

#include "engine/base/error.h"
#include "engine/training/recipe.h"
#include "tests/engine/network/support.h"
#include "tests/support/gpu.h"
#include "tests/support/host_stream.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

struct Bench {
  Model model;
  std::unique_ptr<const Objective> objective;
  Example example;
  FlatParameters flat;

  explicit Bench(double dropout)
      : model(small_model({16, 16, 4, 0}, {"a", "b"}, {{"dropout", dropout}})),
        objective(make_objective(make_recipe("", {}), 2)),
        example(objective->training_example(at::rand({7, 4, 16, 16}) * 2 - 1, at::arange(7).remainder(2), 1, 0)),
        flat(*model.network) {}

  GradientWorkers workers(int count) const {
    return GradientWorkers([this] { return find_network("kiln_unet").make(model.shape, model.network_params); }, flat.values(),
                           count);
  }
  at::Tensor gradient(int count, std::uint64_t dropout_seed) const {
    GradientWorkers some = workers(count);
    some.accumulate(*objective, example, dropout_seed);
    return some.take_gradient();
  }
};

}  // namespace

TEST_CASE("any number of workers gives the gradient and the loss of one plain pass") {
  const Bench bench(0);
  const at::Tensor loss = bench.objective->loss_sum(*bench.model.network, bench.example);
  loss.backward();
  const at::Tensor expected = bench.flat.gradients().clone();
  REQUIRE(at::count_nonzero(expected).item<std::int64_t>() > expected.numel() / 2);
  for (const int count : {1, 2, 3, 9}) {
    CAPTURE(count);
    GradientWorkers workers = bench.workers(count);
    CHECK(workers.count() == count);
    for (int round = 0; round < 2; ++round) {  // taking a gradient leaves none behind
      CHECK(workers.accumulate(*bench.objective, bench.example, 1).item<double>() ==
            doctest::Approx(loss.item<double>()).epsilon(1e-5));
      const at::Tensor gradient = workers.take_gradient();
      CHECK(relative(gradient, expected) < 1e-4);
      CHECK(((gradient - expected).norm() / expected.norm()).item<double>() < 1e-4);
    }
    CHECK(workers.evaluate(*bench.objective, bench.example).sum().item<double>() ==
          doctest::Approx(loss.item<double>()).epsilon(1e-5));
    CHECK(at::count_nonzero(workers.take_gradient()).item<std::int64_t>() == 0);
  }
}

TEST_CASE("work in parts is done once, all of it, however little there is") {
  const Bench bench(0);
  for (const int count : {1, 3}) {
    GradientWorkers workers = bench.workers(count);
    for (const std::int64_t size : {0, 2, 10}) {
      std::vector<int> times(static_cast<std::size_t>(size), 0);
      workers.in_parts(size, [&](std::int64_t first, std::int64_t some) {
        for (std::int64_t i = first; i < first + some; ++i) ++times[static_cast<std::size_t>(i)];
      });
      CHECK(times == std::vector<int>(static_cast<std::size_t>(size), 1));
    }
  }
}

TEST_CASE("the same work gives the same bytes") {
  const Bench bench(0.3);
  for (const int count : {1, 3}) CHECK(at::equal(bench.gradient(count, 8), bench.gradient(count, 8)));
}

TEST_CASE("what is dropped depends on seed and place, not on who computes it") {
  const Bench bench(0.5);
  const at::Tensor expected = bench.gradient(1, 8);
  CHECK(relative(bench.gradient(2, 8), expected) < 1e-4);
  CHECK(relative(bench.gradient(3, 8), expected) < 1e-4);
  CHECK(relative(bench.gradient(1, 9), expected) > 1e-2);

  GradientWorkers workers = bench.workers(2);  // in two pieces
  workers.accumulate(*bench.objective, bench.example.rows(0, 3), 8, 0);
  workers.accumulate(*bench.objective, bench.example.rows(3, 4), 8, 3);
  CHECK(relative(workers.take_gradient(), expected) < 1e-4);
}

// Steps of two numbers of rows in turn, taken after one or two pieces: as a trainer has them.
void check_recorded(c10::Device device, const MakeStream& make_stream, double tolerance) {
  const Bench bench(0.5);
  const Example example = bench.example.on(device);
  const auto make = [&] { return find_network("kiln_unet").make(bench.model.shape, bench.model.network_params); };
  const at::Tensor values = bench.flat.values().to(device, false, true);
  GradientWorkers plain(make, values, 1, [](c10::Device) { return nullptr; });
  GradientWorkers recorded(make, values, 1, make_stream);
  for (std::uint64_t step = 0; step < 8; ++step) {
    CAPTURE(step);
    std::vector<at::Tensor> gradients;
    std::vector<double> losses;
    for (GradientWorkers* const workers : {&plain, &recorded}) {
      at::Tensor loss = workers->accumulate(*bench.objective, example.rows(0, 5), step, 0);
      if (step % 2 == 1) loss = loss + workers->accumulate(*bench.objective, example.rows(4, 3), step, 4);
      losses.push_back(loss.item<double>());
      gradients.push_back(workers->take_gradient());
    }
    CHECK(losses[1] == doctest::Approx(losses[0]).epsilon(std::max(tolerance, 1e-9)));
    CHECK(relative(gradients[1], gradients[0]) <= tolerance);
    values.sub_(gradients[0] * 1e-3);  // the next step has other weights
  }
}

TEST_CASE("a recorded pass gives the gradient of a plain one, whatever is dropped") {
  check_recorded(
      c10::kCPU, [](c10::Device) { return std::make_unique<HostStream>(); }, 0);
}

GPU_TEST_CASE("a pass recorded on a GPU gives the gradient of a plain one") {
  check_recorded(c10::Device(c10::kCUDA, 0), make_cuda_stream, 0.02);
}

namespace {

// What workers hand out, as it was then.
struct HandedOut {
  std::vector<at::Tensor> buckets, copies;

  // Of a step that is over.
  void check_whole(const at::Tensor& gradient) {
    std::int64_t end = gradient.numel();
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      end -= buckets[i].numel();
      CHECK(buckets[i].storage_offset() == end);
      CHECK(at::equal(copies[i], gradient.narrow(0, end, buckets[i].numel())));
    }
    CHECK(end == 0);
    buckets.clear();
    copies.clear();
  }
  void take(const at::Tensor& bucket) {
    buckets.push_back(bucket);
    copies.push_back(bucket.clone());
  }
};

constexpr std::int64_t kSmallBucket = 16 << 10;

}  // namespace

TEST_CASE("a gradient is handed out in buckets by its last pass, each once it is whole") {
  const Bench bench(0.3);
  for (const int count : {1, 2, 3, 9}) {
    CAPTURE(count);
    GradientWorkers plain = bench.workers(count), workers = bench.workers(count);
    HandedOut handed;
    workers.hand_out([&](const at::Tensor& bucket) { handed.take(bucket); }, kSmallBucket);
    for (std::uint64_t step = 0; step < 3; ++step) {
      for (GradientWorkers* const some : {&plain, &workers}) {
        some->accumulate(*bench.objective, bench.example.rows(0, 3), step, 0);
        CHECK(handed.buckets.empty());
        some->accumulate(*bench.objective, bench.example.rows(3, 4), step, 3, {}, some == &workers);
      }
      const std::size_t early = handed.buckets.size();
      CHECK(early > 3);
      const at::Tensor gradient = workers.take_gradient();
      CHECK(handed.buckets.size() == early);
      CHECK(at::equal(gradient, plain.take_gradient()));
      handed.check_whole(gradient);
    }
  }
}

TEST_CASE("the first bucket is handed out while the pass back goes on") {
  const Bench bench(0);
  GradientWorkers workers = bench.workers(1);
  at::Tensor then;  // all of the gradient
  workers.hand_out(
      [&](const at::Tensor& bucket) {
        if (!then.defined()) then = bucket.as_strided({bench.flat.values().numel()}, {1}, 0).clone();
      },
      kSmallBucket);
  workers.accumulate(*bench.objective, bench.example, 1, 0, {}, true);
  const at::Tensor gradient = workers.take_gradient();
  REQUIRE(then.defined());
  CHECK(at::count_nonzero(then).item<std::int64_t>() < at::count_nonzero(gradient).item<std::int64_t>() / 2);
}

TEST_CASE("what is done to a bucket is done to the gradient, of recorded passes, too, and to no later one") {
  const Bench bench(0);
  const auto make = [&] { return find_network("kiln_unet").make(bench.model.shape, bench.model.network_params); };
  for (const bool recorded : {false, true}) {
    CAPTURE(recorded);
    GradientWorkers workers(make, bench.flat.values(), 1, [&](c10::Device) -> std::unique_ptr<DeviceStream> {
      return recorded ? std::make_unique<HostStream>() : nullptr;
    });
    int buckets = 0;
    workers.hand_out(
        [&](const at::Tensor& bucket) {
          bucket.mul_(2);
          ++buckets;
        },
        kSmallBucket);
    const at::Tensor expected = bench.gradient(1, 1) * 2;
    for (int step = 0; step < 4; ++step) {
      buckets = 0;
      workers.accumulate(*bench.objective, bench.example, 1, 0, {}, true);
      if (recorded) CHECK(buckets == 0);
      CHECK(relative(workers.take_gradient(), expected) < 1e-5);
      CHECK(buckets > 3);
    }
  }
}

TEST_CASE("parameters that a network does not use hold up none of its buckets") {
  const Bench bench(0);
  struct Spare : torch::nn::Module {
    Spare() { register_parameter("weight", at::ones({5000})); }
  };
  struct Wasteful : Network {
    explicit Wasteful(std::shared_ptr<Network> inner) : network(register_module("network", std::move(inner))) {
      register_module("spare", std::make_shared<Spare>());
    }
    at::Tensor forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) override {
      return network->forward(x, t, condition);
    }
    at::Tensor embedding(const at::Tensor& t, const at::Tensor& condition) override { return network->embedding(t, condition); }
    NetworkGraph graph() const override { return network->graph(); }
    std::shared_ptr<Network> network;
  };
  const auto make = [&] {
    return std::make_shared<Wasteful>(find_network("kiln_unet").make(bench.model.shape, bench.model.network_params));
  };
  const auto first = make();
  const FlatParameters flat(*first);
  GradientWorkers workers(make, flat.values(), 2);
  HandedOut handed;
  workers.hand_out([&](const at::Tensor& bucket) { handed.take(bucket); }, kSmallBucket);
  workers.accumulate(*bench.objective, bench.example, 1, 0, {}, true);
  CHECK(handed.buckets.size() > 3);
  const at::Tensor gradient = workers.take_gradient();
  CHECK(at::count_nonzero(gradient.narrow(0, gradient.numel() - 5000, 5000)).item<std::int64_t>() == 0);
  handed.check_whole(gradient);
}

TEST_CASE("a failure on any worker comes out, and the workers live on") {
  const Bench bench(0);
  GradientWorkers workers = bench.workers(3);
  Example broken = bench.example;
  broken.condition = at::zeros({7, 5});
  CHECK_THROWS(workers.accumulate(*bench.objective, broken, 1));
  CHECK_THROWS(workers.evaluate(*bench.objective, broken));
  workers.take_gradient();
  CHECK(workers.accumulate(*bench.objective, bench.example, 1).item<double>() > 0);
}

TEST_CASE("a step that fails on one worker leaves nothing of the others' part to the next") {
  const Bench bench(0);
  // The network of the worker that was made last fails on demand.
  struct Fragile : Network {
    explicit Fragile(std::shared_ptr<Network> inner) : network(register_module("network", std::move(inner))) {}
    at::Tensor forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) override {
      if (fails) throw std::runtime_error("no memory");
      return network->forward(x, t, condition);
    }
    at::Tensor embedding(const at::Tensor& t, const at::Tensor& condition) override { return network->embedding(t, condition); }
    NetworkGraph graph() const override { return network->graph(); }
    std::shared_ptr<Network> network;
    bool fails = false;
  };
  std::shared_ptr<Fragile> last;
  GradientWorkers workers(
      [&] {
        return last = std::make_shared<Fragile>(find_network("kiln_unet").make(bench.model.shape, bench.model.network_params));
      },
      bench.flat.values(), 3);
  last->fails = true;
  CHECK_THROWS_WITH_AS(workers.accumulate(*bench.objective, bench.example, 1), "no memory", std::runtime_error);
  CHECK(at::count_nonzero(workers.take_gradient()).item<std::int64_t>() == 0);
  CHECK_THROWS_WITH_AS(workers.accumulate(*bench.objective, bench.example, 1), "no memory", std::runtime_error);
  last->fails = false;
  workers.accumulate(*bench.objective, bench.example, 1);
  CHECK(at::equal(workers.take_gradient(), bench.gradient(3, 1)));
}

TEST_CASE("a gradient that was taken stays as it is while the next ones are computed") {
  const Bench bench(0);
  GradientWorkers workers = bench.workers(2);
  std::vector<at::Tensor> taken, copies;
  for (std::int64_t row = 0; row < 4; ++row) {
    workers.accumulate(*bench.objective, bench.example.rows(row, 2), 1);
    taken.push_back(workers.take_gradient());
    copies.push_back(taken.back().clone());
  }
  for (std::size_t i = 0; i < taken.size(); ++i) CHECK(at::equal(taken[i], copies[i]));
  CHECK(relative(taken[1], taken[0]) > 1e-2);
}
