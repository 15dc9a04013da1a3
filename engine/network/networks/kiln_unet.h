#pragma once

#include <torch/nn/modules/container/modulelist.h>

#include "engine/network/blocks/layers.h"
#include "engine/network/network.h"

namespace kiln {

// The default U-Net, of residual blocks (Ho et al. 2020; Dhariwal & Nichol 2021), conditioned on time and class by
// scale and shift, self-attention where the picture is small, zero-initialised outputs. Level l has width·multiplier[l] channels
// at 1/2^l of the picture's size; `blocks` blocks a level on the way down and, each with the matching skip, on the way up.
class KilnUnet : public Network {
 public:
  KilnUnet(const NetworkShape& shape, const ParamMap& params);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) override;
  at::Tensor class_embeddings() override { return class_table.narrow(0, 0, class_table.size(0) - 1); }

  // As the blocks see it, after the last SiLU.
  at::Tensor embedding(const at::Tensor& t, const at::Tensor& condition) override;
  NetworkGraph graph() const override;

  // A residual block and the attention behind it, if its level has one.
  struct Stage {
    ResBlock block{nullptr};
    Attention attention{nullptr};
    at::Tensor forward(const at::Tensor& x, const at::Tensor& embedding);
  };
  struct Level {
    std::vector<Stage> down, up;
    Conv shrink{nullptr};  // stride 2, to the next level; none at the last
  };

  Conv stem{nullptr};
  std::vector<Level> levels;
  Stage middle;
  ResBlock middle_end{nullptr};
  Norm head_norm{nullptr};
  Conv head{nullptr};
  Dense time1{nullptr}, time2{nullptr};
  at::Tensor class_table;  // [K + 1, E], the null condition last
  at::Tensor frame_table;  // [F, E]; none without frames
  at::Tensor label_table;  // [A, E], of the augmentation labels; none without
  Dense told{nullptr};     // of the sinusoids of guidance scale and number of steps; none where it is not distilled

 private:
  Stage make_stage(const std::string& name, int in, int out, int side);

  int width_, embedding_channels_, group_channels_, head_channels_, attention_side_;
  double dropout_;
};

const NetworkKind& kiln_unet_kind();

}  // namespace kiln
