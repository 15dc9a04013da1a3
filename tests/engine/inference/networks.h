#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <string>
#include <vector>

#include "engine/network/model.h"

// Small networks of every family with random weights, and what they are asked.
namespace kiln::test {

struct Net {
  std::string network;
  NetworkShape shape;
  ParamMap params;   // those that are not the defaults
  int halvings = 0;  // of the picture
};

inline ParamMap kiln_params(const std::string& multipliers, std::int64_t width, std::int64_t blocks, std::int64_t attention,
                            std::int64_t head_channels, std::int64_t group_channels) {
  return {{"width", width},
          {"multipliers", multipliers},
          {"blocks", blocks},
          {"attention", attention},
          {"head_channels", head_channels},
          {"group_channels", group_channels},
          {"embedding", std::int64_t{48}}};
}

inline ParamMap unet2d_params(const std::string& channels, const std::string& attention, std::int64_t groups) {
  return {{"level_channels", channels},
          {"down_attention", attention},
          {"up_attention", attention},
          {"blocks", std::int64_t{1}},
          {"groups", groups}};
}

inline ParamMap with(ParamMap params, const ParamMap& more) {
  for (const auto& [name, value] : more) params[name] = value;
  return params;
}

// Sides that are no powers of two, odd pixel counts, one level, RGB, groups and heads of other widths than the default; every
// family, with and without what its parameters add.
inline const std::vector<Net> kNets = {
    {"kiln_unet", {16, 16, 4, 5}, kiln_params("1,1.5,2", 32, 2, 8, 32, 16), 2},
    {"kiln_unet", {24, 16, 3, 2}, kiln_params("1,2", 32, 1, 16, 16, 8), 1},
    {"kiln_unet", {10, 14, 4, 3}, kiln_params("1,1", 16, 1, 64, 8, 4), 1},
    {"kiln_unet", {8, 8, 4, 1}, kiln_params("1", 16, 1, 0, 16, 16), 0},
    {"kiln_unet", {16, 8, 3, 2, 9}, kiln_params("1,2", 16, 1, 8, 8, 8), 1},             // more outputs than channels
    {"kiln_unet", {8, 8, 4, 2, 1}, kiln_params("1", 16, 1, 0, 16, 16), 0},              // fewer
    {"kiln_unet", {8, 8, 4, 2, 0, 0, 0, true}, kiln_params("1", 16, 1, 0, 16, 16), 0},  // told guidance and steps
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
    {"kiln_unet", {8, 8, 4, 2, 0, 0, 3}, kiln_params("1", 16, 1, 0, 16, 16), 0},  // told frames
};

inline Model random_model(const Net& net) {
  torch::manual_seed(11);
  ParamMap params = with(defaults_of(find_network(net.network).params), net.params);
  std::vector<std::string> classes;
  for (int i = 0; i < net.shape.classes; ++i) classes.push_back("class" + std::to_string(i));
  const std::vector<int> frames(net.shape.frames > 0 ? classes.size() : 0, net.shape.frames);
  Model model = make_model(net.network, params, net.shape, classes, frames);
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

inline at::Tensor random_condition(int sprites, const NetworkShape& shape) {
  at::Tensor condition = at::zeros({sprites, shape.condition_width()});
  for (int i = 0; i < sprites; ++i) {
    condition[i][i % shape.classes] = i % 3 == 2 ? 0.4f : 1.0f;
    if (shape.frames > 0 && i % 2 == 0) condition[i][shape.classes + i % shape.frames] = 1;
    if (!shape.distilled) continue;
    condition[i][shape.classes] = 1.0f + 0.5f * static_cast<float>(i);
    condition[i][shape.classes + 1] = static_cast<float>(1 + i % 4);
  }
  return condition;
}

inline at::Tensor random_condition(int sprites, int classes) { return random_condition(sprites, NetworkShape{.classes = classes}); }

inline at::Tensor random_x(const Model& model, int sprites) {
  return torch::randn({sprites, model.shape.channels, model.shape.height, model.shape.width});
}

inline double relative(const at::Tensor& got, const at::Tensor& expected) {
  return (got - expected).abs().max().item<double>() / expected.abs().max().item<double>();
}

}  // namespace kiln::test
