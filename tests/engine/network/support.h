#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/utils.h>

#include <string>
#include <vector>

#include "engine/network/model.h"

namespace kiln::test {

// Parameters of a network that is made in a moment, with every kind of layer.
inline ParamMap small_params(const ParamMap& changes = {}) {
  ParamMap params = {{"width", std::int64_t{16}},         {"multipliers", std::string("1,2")}, {"blocks", std::int64_t{1}},
                     {"head_channels", std::int64_t{16}}, {"group_channels", std::int64_t{8}}, {"embedding", std::int64_t{32}}};
  for (const auto& [key, value] : changes) params[key] = value;
  return params;
}

// Its weights are random everywhere: nothing hides behind the zeros of a fresh network's last layers.
inline Model small_model(const NetworkShape& shape, std::vector<std::string> classes, const ParamMap& changes = {}) {
  torch::manual_seed(3);
  Model model = make_model("kiln_unet", small_params(changes), shape, std::move(classes));
  const at::NoGradGuard no_grad;
  for (at::Tensor& parameter : model.network->parameters()) {
    if (at::count_nonzero(parameter).item<std::int64_t>() == 0) parameter.normal_(0.0, 0.05);
  }
  model.network->eval();
  return model;
}

// Largest difference, relative to the largest expected value.
inline double relative(const at::Tensor& got, const at::Tensor& expected) {
  return (got - expected).abs().max().item<double>() / expected.abs().max().item<double>();
}

}  // namespace kiln::test
