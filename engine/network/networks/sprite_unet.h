#pragma once

#include "engine/network/blocks/layers.h"
#include "engine/network/blocks/named_layers.h"
#include "engine/network/network.h"

namespace kiln {

// The small U-Net that minDiffusion's many descendants share (mini-stable-diffusion, pytorch-diffusion-sprites): BatchNorm and
// GELU, two halvings, the picture pooled to one vector in the middle; on the way up the class weights multiply and the time is
// added. The class weights enter as they are, so that they need not sum to 1.
class SpriteUnet : public Network {
 public:
  SpriteUnet(const NetworkShape& shape, const ParamMap& params);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) override;
  // What multiplies and what is added before the first enlargement, then before the second: [B, 2·2F + 2·F].
  at::Tensor embedding(const at::Tensor& t, const at::Tensor& condition) override;
  NetworkGraph graph() const override;
  at::Tensor class_embeddings() override;

 private:
  struct ConvPair {  // twice convolution, BatchNorm, GELU
    Conv conv1{nullptr}, conv2{nullptr};
    BatchNorm norm1{nullptr}, norm2{nullptr};
    at::Tensor forward(const at::Tensor& x);
    int add_to(NetworkGraph& graph, int x, GraphNorm end = {.x = kNoValue}) const;  // end: what the last GELU has beside it
  };
  struct Embedding {
    Dense first{nullptr}, second{nullptr};
    at::Tensor forward(const at::Tensor& x);  // [B, in] → [B, C]
  };
  struct Up {
    TileConv grow{nullptr};
    ConvPair first, second;
    at::Tensor forward(const at::Tensor& x, const at::Tensor& skip);
    int add_to(NetworkGraph& graph, int x, int skip, GraphNorm end = {.x = kNoValue}) const;
  };

  static ConvPair make_pair(const Place& place, int in, int out);
  static Embedding make_embedding(const Place& place, int in, int out);
  static Up make_up(const Place& place, int in, int out);

  std::int64_t features() const { return head1_->weight.size(0); }

  double time_scale_;
  ConvPair stem_;
  Conv shortcut_{nullptr};
  ConvPair down1_[2], down2_[2];
  Embedding time1_, time2_, context1_, context2_;
  TileConv up0_{nullptr};
  GroupNorm up0_norm_{nullptr}, head_norm_{nullptr};
  Up up1_, up2_;
  Conv head1_{nullptr}, head2_{nullptr};
};

const NetworkKind& sprite_unet_kind();

}  // namespace kiln
