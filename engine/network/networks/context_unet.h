#pragma once

#include <vector>

#include "engine/network/blocks/layers.h"
#include "engine/network/blocks/named_layers.h"
#include "engine/network/network.h"

namespace kiln {

// The U-Net of the Pixel-Diffusion-Model project: residual blocks normalised after each convolution, the embedding of time and
// class added between them, attention of one head at some levels, average pooling down and nearest neighbour up. Time enters as one
// number.
class ContextUnet : public Network {
 public:
  ContextUnet(const NetworkShape& shape, const ParamMap& params);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) override;
  at::Tensor embedding(const at::Tensor& t, const at::Tensor& condition) override;
  NetworkGraph graph() const override;
  at::Tensor class_embeddings() override { return class_table_.narrow(0, 0, class_table_.size(0) - 1); }

 private:
  struct Block {
    Conv conv1{nullptr}, conv2{nullptr}, skip{nullptr};  // skip: where the number of channels changes
    GroupNorm norm1{nullptr}, norm2{nullptr};
    Dense time{nullptr};
    at::Tensor forward(const at::Tensor& x, const at::Tensor& embedding);
    int add_to(NetworkGraph& graph, int x) const;
  };
  struct PixelAttention {
    GroupNorm norm{nullptr};
    PixelDense q{nullptr}, k{nullptr}, v{nullptr}, project{nullptr};
    at::Tensor forward(const at::Tensor& x);
    int add_to(NetworkGraph& graph, int x) const;
  };
  struct Level {
    std::vector<Block> blocks;
    PixelAttention attention;  // empty where the level has none
    at::Tensor forward(at::Tensor x, const at::Tensor& embedding);
    int add_to(NetworkGraph& graph, int x) const;
  };

  Block make_block(const Place& place, int in, int out) const;
  static PixelAttention make_attention(const Place& place, int channels);
  Level make_level(const Place& place, int blocks, int in, int out, bool attention) const;

  int embedding_;
  Dense time1_{nullptr}, time2_{nullptr};
  at::Tensor class_table_;  // [K + 1, E], the null condition last
  Conv stem_{nullptr}, head_{nullptr};
  GroupNorm head_norm_{nullptr};
  std::vector<Level> down_, up_;
  Block middle1_, middle2_;
  PixelAttention middle_attention_;
};

const NetworkKind& context_unet_kind();

}  // namespace kiln
