#pragma once

#if SPRITEKILN_ONEDNN

#include <functional>
#include <memory>
#include <vector>

#include "engine/inference/plan_operations.h"
#include "engine/network/networks/kiln_unet.h"

namespace kiln {

// A KilnUnet laid out for one CPU core and one picture at a time: weights in the order that oneDNN's convolutions want, every
// primitive and buffer made beforehand, norms, attention and copies by the house's kernels on channels-last data. A picture's
// activations stay in the core's cache, and its result depends on nothing but itself: it is the same alone and among others.
// The plan is constant and may be run by several threads, each with a workspace of its own.
class CpuPlan {
 public:
  // Copies the network's weights. Throws dnnl::error where oneDNN has no such convolution (bf16 on an old processor).
  CpuPlan(const KilnUnet& network, const NetworkShape& shape, bool bf16);

  std::unique_ptr<PlanWorkspace> make_workspace() const;

  struct Picture {
    const float* x;           // [C, H, W]
    const float* modulation;  // [M], modulation_weight · embedding + modulation_bias
    float* out;               // [C, H, W]
    bool same_x;              // the workspace's last run was complete and had this very x, so what depends on x alone is there
  };
  // False if `abandoned`, asked between operations, said so. One thread; allocates nothing.
  bool run(PlanWorkspace& workspace, const Picture& picture, const std::function<bool()>& abandoned) const;

  // The convolutions of one picture and nothing else: what no plan can be faster than.
  void run_convolutions(PlanWorkspace& workspace) const;

  // All scales and shifts of the residual blocks as one affine map of the embedding: [M, E], [M].
  at::Tensor modulation_weight, modulation_bias;

 private:
  PlanLayout layout_;
  std::vector<std::unique_ptr<PlanOperation>> operations_;
  std::size_t first_modulated_ = 0;  // operations before it depend on x alone
  int input_ = -1, output_ = -1;     // buffers of floats, [C, H, W]
  std::size_t picture_bytes_ = 0;
};

}  // namespace kiln

#endif
