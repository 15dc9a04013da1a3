#include "engine/benchmark/baseline.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <string>
#include <vector>

#include "engine/inference/make_denoiser.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;

namespace {

// Weights everywhere: nothing may hide behind the zeros that a fresh network has in its last layers.
Model random_model(const NetworkShape& shape, const ParamMap& changes) {
  torch::manual_seed(11);
  ParamMap params = defaults_of(find_network("kiln_unet").params);
  for (const auto& [name, value] : changes) params[name] = value;
  std::vector<std::string> classes;
  for (int i = 0; i < shape.classes; ++i) classes.push_back("class" + std::to_string(i));
  Model model = make_model("kiln_unet", params, shape, classes);
  const at::NoGradGuard no_grad;
  for (at::Tensor& parameter : model.network->parameters()) {
    if (at::count_nonzero(parameter).item<std::int64_t>() == 0) parameter.normal_(0.0, 0.05);
  }
  model.network->eval();
  return model;
}

double relative(const at::Tensor& got, const at::Tensor& expected) {
  return (got - expected).abs().max().item<double>() / expected.abs().max().item<double>();
}

at::Tensor guided(Denoiser& denoiser, const at::Tensor& x, const at::Tensor& condition) {
  denoiser.begin({990.0, 500.0, 10.0}, condition, at::zeros_like(condition));
  return denoiser.evaluate(x, 1, true);
}

}  // namespace

TEST_CASE("the baseline computes what the network computes, forward and backward") {
  const auto text = [](const char* value) { return ParamValue(std::string(value)); };
  const auto number = [](std::int64_t value) { return ParamValue(value); };
  // Sides that are no powers of two, RGB, groups and heads of other widths than the default; one level without attention.
  const std::vector<Model> models = {random_model({24, 16, 3, 2}, {{"multipliers", text("1,1.5")},
                                                                   {"width", number(32)},
                                                                   {"blocks", number(1)},
                                                                   {"attention", number(16)},
                                                                   {"head_channels", number(16)},
                                                                   {"group_channels", number(8)},
                                                                   {"embedding", number(48)}}),
                                     random_model({8, 8, 4, 1}, {{"multipliers", text("1")},
                                                                 {"width", number(16)},
                                                                 {"blocks", number(1)},
                                                                 {"attention", number(0)},
                                                                 {"embedding", number(48)}})};
  for (const Model& model : models) {
    const auto& shape = model.shape;
    const at::Tensor x = torch::randn({3, shape.channels, shape.height, shape.width}), t = torch::tensor({0.1f, 0.5f, 0.99f});
    at::Tensor condition = at::zeros({3, shape.classes});
    for (int i = 0; i < 3; ++i) condition[i][i % shape.classes] = i == 2 ? 0.4f : 1.0f;
    std::vector<std::vector<at::Tensor>> gradients;
    std::vector<at::Tensor> outputs;
    for (const bool baseline : {true, false}) {
      model.network->zero_grad();
      const at::Tensor y = baseline ? baseline_forward(*model.network, x, t, condition) : model.network->forward(x, t, condition);
      y.square().sum().backward();
      outputs.push_back(y.detach());
      gradients.emplace_back();
      for (const at::Tensor& parameter : model.network->parameters()) gradients.back().push_back(parameter.grad().clone());
    }
    CHECK(relative(outputs[1], outputs[0]) < 1e-4);
    for (std::size_t i = 0; i < gradients[0].size(); ++i) CHECK(relative(gradients[1][i], gradients[0][i]) < 1e-3);
    CHECK(relative(guided(*make_baseline_denoiser(model), x, condition), guided(*make_denoiser(model, {}), x, condition)) < 1e-4);
  }
}
