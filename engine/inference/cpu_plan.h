#pragma once

#if SPRITEKILN_ONEDNN

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "engine/inference/plan_operations.h"
#include "engine/network/blocks/tiling.h"
#include "engine/network/graph.h"
#include "engine/network/network.h"

namespace kiln {

struct CpuPlanOptions {
  bool bf16 = false;
  bool winograd = true;  // 3×3 convolutions by fewer multiplications, where there is a kernel for it
  Tiling tiling = {};
};

// A network laid out for one CPU core and a few pictures at a time: weights in the order that the convolutions want, every
// primitive and buffer made beforehand, norms, activations, attention and copies by this program's kernels on channels-last data.
// Where pictures are large they are computed one after another and stay in the core's cache; where they are small the weights are
// what is large, and each operation serves all pictures. A picture's result depends on nothing but itself: it is the same alone and
// among others. The plan is constant and may be run by several threads, each with a workspace of its own.
class CpuPlan {
 public:
  static constexpr int kMostPictures = 4;  // of one run

  // Copies the weights. Throws dnnl::error where oneDNN has no such convolution (bf16 on an old processor).
  CpuPlan(const NetworkGraph& graph, const NetworkShape& shape, const CpuPlanOptions& options);

  std::unique_ptr<PlanWorkspace> make_workspace() const;

  struct Picture {
    const float* x;           // [C, H, W]
    const float* modulation;  // [M] (ModulationTable)
    float* out;               // [O, H, W]
  };
  // The first `distinct` pictures are all different; picture i from there on has the x of picture i - distinct, so what depends on
  // x alone is computed once. False if `abandoned`, asked between operations, said so. One thread; allocates nothing.
  bool run(PlanWorkspace& workspace, const std::vector<Picture>& pictures, int distinct,
           const std::function<bool()>& abandoned) const;

  // The same, and adds to `ms` what the operations of each part took.
  void run_timed(PlanWorkspace& workspace, const std::vector<Picture>& pictures, int distinct,
                 std::array<double, kPlanParts>& ms) const;

  // oneDNN's convolutions of one picture and nothing else. A plan without Winograd's has no others.
  void run_convolutions(PlanWorkspace& workspace) const;

 private:
  // Operations [first, end) that are run for each picture in turn, or each for all pictures.
  struct Segment {
    std::size_t first, end;
    bool together;
  };

  void make_segments(const std::vector<std::int64_t>& pixels);
  template <class Run>
  bool run_each(PlanWorkspace& workspace, const std::vector<Picture>& pictures, int distinct, const Run& run_one) const;

  PlanLayout layout_;
  std::vector<std::unique_ptr<PlanOperation>> operations_;
  std::vector<Segment> segments_;
  std::size_t first_modulated_ = 0;  // operations before it depend on x alone; a segment begins there
  std::vector<int> prefix_;          // the buffers that they leave for those after
  int input_ = -1, output_ = -1;     // buffers of floats, [C, H, W] and [O, H, W]
  std::size_t input_bytes_, output_bytes_;
};

}  // namespace kiln

#endif
