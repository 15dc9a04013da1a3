#pragma once

#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/param_spec.h"
#include "engine/network/graph.h"

namespace kiln {

// What a network is built for; the rest are its own parameters.
struct NetworkShape {
  int width = 16;  // of a sprite
  int height = 16;
  int channels = 4;        // 4: RGBA, 3: RGB
  int classes = 0;         // K, without the null condition
  int outputs = 0;         // numbers that the network gives for a pixel; 0: as many as channels
  int labels = 0;          // A, augmentation labels that it is told in training
  int frames = 0;          // F, of the longest animation; 0: it is told no frame
  bool distilled = false;  // it is told guidance scale and number of steps, and gives in one evaluation what a run of many would

  int output_channels() const { return outputs > 0 ? outputs : channels; }
  int condition_width() const { return classes + frames + (distilled ? 2 : 0); }  // in sampling
};

// A conditional denoising network.
class Network : public torch::nn::Module {
 public:
  using torch::nn::Module::Module;

  // The raw output for x_t. x: [B, C, H, W] fp32 in about [-1, 1]. t: [B] fp32, 0 (clean) … 1 (noise), step / T.
  // condition: [B, K + F] fp32 class weights and frames, 1 where the sprite is that frame; an all-zero row is the null condition.
  // Of a shape with labels also [B, K + F + A], which go last, and are 0 where they are missing; of a distilled one [B, K + F + 2],
  // guidance scale and number of steps last, 1 where they are missing. Returns [B, O, H, W] fp32, O the shape's output_channels().
  virtual at::Tensor forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) = 0;

  // What time and condition come down to, which is computed once for all pixels: [B, E] of arguments as forward's.
  virtual at::Tensor embedding(const at::Tensor& t, const at::Tensor& condition) = 0;

  // forward as operations, of a network in evaluation mode; with its weights as they are now, not copied.
  virtual NetworkGraph graph() const = 0;

  // What the network adds, multiplies or otherwise takes in for each class alone: [K, E]; undefined if it has no such table.
  virtual at::Tensor class_embeddings() { return {}; }

  // Floating-point type of the large operations; parameters stay fp32.
  void set_compute_type(at::ScalarType type) { compute_type_ = type; }
  at::ScalarType compute_type() const { return compute_type_; }

 private:
  at::ScalarType compute_type_ = at::kFloat;
};

struct NetworkKind {
  std::string id;
  std::string label;
  std::vector<ParamSpec> params;
  std::function<std::shared_ptr<Network>(const NetworkShape&, const ParamMap&)> make;
  // A number that the network's parameters are not below and not far above, without making it. Throws as `make` does.
  std::function<double(const NetworkShape&, const ParamMap&)> fewest_parameters;
  bool takes_labels = false;  // augmentation labels
  bool distills = false;      // can be a distilled model's
  bool takes_frames = false;
};

// All networks, in the order to show them.
const std::vector<NetworkKind>& network_kinds();

// Throws Failure(kUnsupported), naming the nearest known one.
const NetworkKind& find_network(std::string_view id);

std::int64_t parameter_count(const torch::nn::Module& module);

}  // namespace kiln
