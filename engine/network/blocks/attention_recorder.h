#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace kiln {

// While it lives, keeps what every self-attention on this thread looks at.
class AttentionRecorder {
 public:
  struct Layer {
    std::int64_t height, width;
    at::Tensor weights;  // [B, N, N] fp32, N = height · width: the mean over the heads; row p sums to 1
  };

  AttentionRecorder();
  ~AttentionRecorder();
  AttentionRecorder(const AttentionRecorder&) = delete;
  AttentionRecorder& operator=(const AttentionRecorder&) = delete;

  // That of this thread, or null.
  static AttentionRecorder* current();

  // weights: [B, heads, N, N] after the softmax. x: [B, C, H, W], what the layer reads.
  void add(const at::Tensor& weights, const at::Tensor& x);

  const std::vector<Layer>& layers() const { return layers_; }  // in the order of the network

 private:
  AttentionRecorder* before_;
  std::vector<Layer> layers_;
};

}  // namespace kiln
