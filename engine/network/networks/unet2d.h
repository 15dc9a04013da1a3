#pragma once

#include <vector>

#include "engine/network/blocks/layers.h"
#include "engine/network/blocks/named_layers.h"
#include "engine/network/network.h"

namespace kiln {

// The U-Net of Ho et al. 2020 as the diffusers library lays it out (its `UNet2DModel`), without or with classes. Without classes
// the condition has no effect; with classes an all-zero row adds no class embedding. Time enters as the number of the step.
class Unet2d : public Network {
 public:
  Unet2d(const NetworkShape& shape, const ParamMap& params);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) override;
  // After the last SiLU, as every block wants it.
  at::Tensor embedding(const at::Tensor& t, const at::Tensor& condition) override;
  NetworkGraph graph() const override;
  at::Tensor class_embeddings() override { return class_table_; }

 private:
  struct Residual {
    GroupNorm norm1{nullptr}, norm2{nullptr};
    Conv conv1{nullptr}, conv2{nullptr}, shortcut{nullptr};
    Dense time{nullptr};
    at::Tensor forward(const at::Tensor& x, const at::Tensor& embedding);  // embedding: after SiLU
    int add_to(NetworkGraph& graph, int x) const;
  };
  struct HeadedAttention {
    GroupNorm norm{nullptr};
    Dense q{nullptr}, k{nullptr}, v{nullptr}, out{nullptr};
    int heads = 1;
    at::Tensor forward(const at::Tensor& x);
    int add_to(NetworkGraph& graph, int x) const;
  };
  struct Stage {
    Residual block;
    HeadedAttention attention;  // empty if its level has none
    at::Tensor forward(const at::Tensor& x, const at::Tensor& embedding);
    int add_to(NetworkGraph& graph, int x) const;
  };
  struct Level {
    std::vector<Stage> stages;
    Conv resize{nullptr};  // none at the last
  };

  Residual make_residual(const Place& place, int in, int out) const;
  HeadedAttention make_attention(const Place& place, int channels) const;
  void build_down(const Place& root, const std::vector<int>& channels, const std::vector<int>& attention, int blocks,
                  std::vector<int>& skips);
  void build_up(const Place& root, const std::vector<int>& channels, const std::vector<int>& attention, int blocks,
                std::vector<int>& skips);
  at::Tensor shrink(Conv& conv, const at::Tensor& x) const;

  int groups_, head_channels_, stem_channels_, embedding_;
  double timesteps_, eps_, frequency_shift_;
  bool cosine_first_, pad_end_only_, centre_input_;
  Dense time1_{nullptr}, time2_{nullptr};
  at::Tensor class_table_;  // [K, E]; undefined without classes
  Conv stem_{nullptr}, head_{nullptr};
  GroupNorm head_norm_{nullptr};
  std::vector<Level> down_, up_;
  Residual middle1_, middle2_;
  HeadedAttention middle_attention_;
};

const NetworkKind& unet2d_kind();

}  // namespace kiln
