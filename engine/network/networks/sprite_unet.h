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
  at::Tensor class_embeddings() override;

 private:
  struct ConvPair {  // twice convolution, BatchNorm, GELU
    Conv conv1{nullptr}, conv2{nullptr};
    BatchNorm norm1{nullptr}, norm2{nullptr};
    at::Tensor forward(const at::Tensor& x);
  };
  struct Embedding {
    Dense first{nullptr}, second{nullptr};
    at::Tensor forward(const at::Tensor& x);  // [B, in] → [B, C, 1, 1]
  };
  struct Up {
    TileConv grow{nullptr};
    ConvPair first, second;
    at::Tensor forward(const at::Tensor& x, const at::Tensor& skip);
  };

  static ConvPair make_pair(const Place& place, int in, int out);
  static Embedding make_embedding(const Place& place, int in, int out);
  static Up make_up(const Place& place, int in, int out);

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
