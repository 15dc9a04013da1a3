#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kiln {

struct ConvNetShape {
  int in = 4;               // channels of a picture
  std::vector<int> widths;  // a stage each: two 3×3 convolutions; the picture is halved between stages, not before the first
  int classes = 2;
};

// A small convolutional classifier: stages of convolution, BatchNorm and ReLU, then the mean over pixels, which is a picture's
// features, then one linear layer.
class ConvNet {
 public:
  // The same seed gives the same weights.
  ConvNet(const ConvNetShape& shape, std::uint64_t seed);

  // x: [B, in, H, W]. [B, widths.back()]
  at::Tensor features(const at::Tensor& x, bool training);
  // [B, classes] of features
  at::Tensor logits(const at::Tensor& features) const;

  const std::vector<at::Tensor>& parameters() const { return parameters_; }
  // Weights and running statistics by name; they share memory with the net.
  std::map<std::string, at::Tensor> named_tensors() const;

 private:
  struct Layer {
    at::Tensor weight, scale, shift;  // [out, in, 3, 3], [out], [out]
    at::Tensor mean, variance;        // running statistics, [out]
  };

  std::vector<Layer> layers_;  // two a stage
  at::Tensor weight_, bias_;   // of the linear layer
  std::vector<at::Tensor> parameters_;
};

struct ConvNetTrainingOptions {
  int steps = 300, batch = 32;
  double learning_rate = 2e-3, weight_decay = 0.05;
  double label_smoothing = 0;
  bool mirror = false;  // each picture may be mirrored
  int shift = 1;        // and moved by up to so many pixels
  std::uint64_t seed = 0;
};

// Trains a net with AdamW on pictures of labelled classes, a batch a step, on one thread. The same options give the same net on one
// machine.
class ConvNetTraining {
 public:
  // pictures: [N, in, H, W]; labels: [N] int64. `net` must outlive this.
  ConvNetTraining(ConvNet& net, at::Tensor pictures, at::Tensor labels, const ConvNetTrainingOptions& options);
  ~ConvNetTraining();

  bool step();  // false when it is trained
  int done() const { return done_; }
  int total() const { return options_.steps; }

 private:
  struct Optimiser;
  at::Tensor next_pictures(const std::vector<std::int64_t>& members) const;

  ConvNet& net_;
  at::Tensor pictures_, labels_;
  ConvNetTrainingOptions options_;
  std::unique_ptr<Optimiser> optimiser_;
  std::vector<std::int64_t> order_;  // of the pictures, for the passes over them; taken from the end
  std::uint64_t pass_ = 0;
  int done_ = 0;
};

// [B, C, H, W] moved right and down, what comes in filled with `fill`.
at::Tensor moved(const at::Tensor& x, std::int64_t right, std::int64_t down, double fill);

// Features [N, D] and logits [N, K] of pictures, some at a time, as trained, without gradients.
struct ConvNetAnswers {
  at::Tensor features, logits;
};
ConvNetAnswers answers_of(ConvNet& net, const at::Tensor& pictures);

}  // namespace kiln
