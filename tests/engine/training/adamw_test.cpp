#include "engine/training/adamw.h"

#include <ATen/ATen.h>
#include <torch/optim/adamw.h>
#include <torch/utils.h>

#include <cmath>
#include <map>

#include "engine/training/flat_parameters.h"
#include "tests/engine/network/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

struct Kernel {
  static constexpr auto step = adamw_ema_step;
};
struct Tensors {
  static constexpr auto step = adamw_ema_step_by_tensors;
};

}  // namespace

// Of the kernel, and of the same by operations on whole tensors, as a GPU does it.
TEST_CASE_TEMPLATE("a step is LibTorch's AdamW, and the average follows the weights", Way, Kernel, Tensors) {
  torch::manual_seed(1);
  const at::Tensor start = at::randn({70});
  // The first 50 decay, the others do not.
  std::vector<at::Tensor> reference = {start.narrow(0, 0, 50).clone().requires_grad_(true),
                                       start.narrow(0, 50, 20).clone().requires_grad_(true)};
  const auto with_decay = [](double decay) {
    auto options = std::make_unique<torch::optim::AdamWOptions>(1e-2);
    options->betas({0.9, 0.99}).eps(1e-8).weight_decay(decay);
    return options;
  };
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<at::Tensor>{reference[0]}, with_decay(0.1));
  groups.emplace_back(std::vector<at::Tensor>{reference[1]}, with_decay(0.0));
  torch::optim::AdamW optimizer(groups, torch::optim::AdamWOptions(1e-2));

  AdamWOptions options;
  options.learning_rate = 1e-2;
  options.beta2 = 0.99;
  options.weight_decay = 0.1;
  options.ema_decay = 0.95;
  options.gradient_scale = 0.25;
  at::Tensor weights = start.clone(), ema = start.clone(), mean = at::zeros({70}), variance = at::zeros({70});
  at::Tensor average = start.to(at::kDouble);
  const at::Tensor mask = at::cat({at::ones({50}), at::zeros({20})});
  for (int step = 1; step <= 20; ++step) {
    const at::Tensor gradient = at::randn({70}) * std::pow(10.0, step % 3 - 1);
    reference[0].mutable_grad() = gradient.narrow(0, 0, 50).clone();
    reference[1].mutable_grad() = gradient.narrow(0, 50, 20).clone();
    optimizer.step();
    Way::step(options, step, gradient * 4, mask, weights, mean, variance, ema);
    const at::Tensor expected = at::cat({reference[0].detach(), reference[1].detach()});
    average = average * 0.95 + expected.to(at::kDouble) * 0.05;
    CHECK((weights - expected).abs().max().item<double>() < 1e-6);
    CHECK((ema - average).abs().max().item<double>() < 1e-6);
  }
  CHECK((weights - start).abs().min().item<double>() > 1e-4);
  CHECK((weights - ema).abs().max().item<double>() > 1e-2);
}

TEST_CASE_TEMPLATE("weight decay alone shrinks what it should", Way, Kernel, Tensors) {
  AdamWOptions options;
  options.learning_rate = 0.1;
  options.weight_decay = 0.5;
  at::Tensor weights = at::ones({2}), ema = at::ones({2}), mean = at::zeros({2}), variance = at::zeros({2});
  Way::step(options, 1, at::zeros({2}), at::tensor({1.F, 0.F}), weights, mean, variance, ema);
  CHECK(weights[0].item<double>() == doctest::Approx(0.95));
  CHECK(weights[1].item<double>() == 1.0);
}

TEST_CASE("the learning rate warms up, then falls to its end along a cosine") {
  const auto rate = [](std::int64_t step) { return learning_rate_at(step, 1010, 10, 2.0, 0.1); };
  CHECK(rate(0) == doctest::Approx(0.2));
  CHECK(rate(9) == doctest::Approx(2.0));
  CHECK(rate(10) == doctest::Approx(2.0));
  CHECK(rate(510) == doctest::Approx(1.1));  // half way
  CHECK(rate(260) == doctest::Approx(0.2 + 1.8 * 0.5 * (1 + std::sqrt(0.5))));
  CHECK(rate(1010) == doctest::Approx(0.2));
  CHECK(rate(5000) == doctest::Approx(0.2));
  for (int step = 11; step < 1010; ++step) CHECK(rate(step) < rate(step - 1));
  CHECK(learning_rate_at(0, 100, 0, 2.0, 0.1) == doctest::Approx(2.0));
  CHECK(learning_rate_at(5, 10, 10, 2.0, 0.1) == doctest::Approx(1.2));  // nothing but warm-up
  CHECK(std::isfinite(learning_rate_at(10, 10, 10, 2.0, 0.1)));
}

TEST_CASE("the average forgets the random start") {
  CHECK(ema_decay_at(0, 0.999) == doctest::Approx(0.1));
  CHECK(ema_decay_at(90, 0.999) == doctest::Approx(0.91));
  CHECK(ema_decay_at(1000000, 0.999) == 0.999);
  CHECK(ema_decay_at(1000, 0.5) == 0.5);
}

TEST_CASE("flat parameters are the network's own") {
  const Model model = small_model({16, 16, 4, 0}, {"a", "b"});
  const at::NoGradGuard no_grad;
  const at::Tensor x = at::randn({1, 4, 16, 16}), t = at::full({1}, 0.5), condition = at::ones({1, 2});
  const at::Tensor before = model.network->forward(x, t, condition);
  std::map<std::string, at::Tensor> plain;
  for (const auto& entry : model.network->named_parameters()) plain[entry.key()] = entry.value().clone();

  const FlatParameters flat(*model.network);
  CHECK(flat.values().numel() == parameter_count(*model.network));
  CHECK(at::equal(model.network->forward(x, t, condition), before));
  for (const auto& [name, tensor] : flat.named(flat.values())) CHECK_MESSAGE(at::equal(tensor, plain.at(name)), name);
  for (const auto& [name, tensor] : flat.named(flat.decay_mask())) {
    CHECK_MESSAGE(at::equal(tensor, at::full_like(tensor, plain.at(name).dim() >= 2 ? 1.0 : 0.0)), name);
  }
  at::Tensor values = flat.values();
  values.mul_(2.0);
  for (const auto& entry : model.network->named_parameters()) CHECK(at::equal(entry.value(), plain.at(entry.key()) * 2.0));
}
