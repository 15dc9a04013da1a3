#if SPRITEKILN_ONEDNN

#include "engine/inference/cpu_plan.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>

namespace kiln {
namespace {

// Buffers by number, used again as soon as nothing holds them.
class BufferPool {
 public:
  using Lease = std::shared_ptr<const int>;

  Lease lease(std::size_t bytes) {
    auto fit =
        std::find_if(free_.begin(), free_.end(), [&](int index) { return sizes_[static_cast<std::size_t>(index)] == bytes; });
    int index = static_cast<int>(sizes_.size());
    if (fit != free_.end()) {
      index = *fit;
      free_.erase(fit);
    } else {
      sizes_.push_back(bytes);
    }
    return {new int(index), [this](const int* held) {
              free_.push_back(*held);
              delete held;
            }};
  }

  const std::vector<std::size_t>& sizes() const { return sizes_; }

 private:
  std::vector<std::size_t> sizes_;
  std::vector<int> free_;
};

// A picture in a buffer that is its own as long as the map lives.
struct Map {
  BufferPool::Lease lease;
  int height, width, channels;

  MapShape shape() const { return {*lease, height, width, channels}; }
};

// Walks the network once and writes down what to do. T: float or Bf16.
template <class T>
class Builder {
 public:
  void build(const KilnUnet& network, const NetworkShape& shape) {
    const std::size_t plane_bytes = sizeof(float) * static_cast<std::size_t>(shape.channels * shape.height * shape.width);
    const auto input_lease = pool_.lease(plane_bytes);
    const Map x = map(shape.height, shape.width, shape.channels);
    add(plan_entry<T>(*input_lease, x.shape()));
    Map h = convolve(*network.stem, x);
    prefix_ = {h};

    std::vector<Map> skips;
    for (const auto& level : network.levels) {
      for (const auto& stage : level.down) skips.push_back(h = run_stage(stage, h));
      if (!level.shrink.is_empty()) h = convolve(*level.shrink, h);
    }
    h = run_block(*network.middle_end, run_stage(network.middle, h));
    for (std::size_t l = network.levels.size(); l-- > 0;) {
      for (const auto& stage : network.levels[l].up) {
        h = run_stage(stage, join(h, skips.back()));
        skips.pop_back();
      }
    }
    const Map last = normalise(*network.head_norm, h, -1, true);
    const Map result{pool_.lease(plane_bytes), shape.height, shape.width, shape.channels};
    add(plan_convolution<T>(*network.head, last.shape(), result.shape(), {false, true}));
    const auto output_lease = pool_.lease(plane_bytes);
    add(plan_exit(result.shape(), *output_lease));

    input = *input_lease;
    output = *output_lease;
    layout.buffer_bytes = pool_.sizes();
    for (const auto& operation : operations) operation->reserve(layout);
  }

  PlanLayout layout;
  std::vector<std::unique_ptr<PlanOperation>> operations;
  std::size_t first_modulated = 0;
  int input = -1, output = -1;
  std::vector<at::Tensor> modulation_weights, modulation_biases;

 private:
  void add(std::unique_ptr<PlanOperation> operation) { operations.push_back(std::move(operation)); }

  Map map(int height, int width, int channels) {
    return {pool_.lease(sizeof(T) * static_cast<std::size_t>(height * width * channels)), height, width, channels};
  }

  Map convolve(const ConvImpl& conv, const Map& x) {
    Map y = map(x.height / conv.stride, x.width / conv.stride, static_cast<int>(conv.weight.size(0)));
    add(plan_convolution<T>(conv, x.shape(), y.shape(), {}));
    return y;
  }

  Map normalise(const NormImpl& norm, const Map& x, std::int64_t modulation_offset, bool silu) {
    Map y = map(x.height, x.width, x.channels);
    add(plan_norm<T>(norm, x.shape(), y.shape(), modulation_offset, silu));
    return y;
  }

  // Channels of `deep` (made as large as `skip`), then of `skip`.
  Map join(const Map& deep, const Map& skip) {
    Map both = map(skip.height, skip.width, deep.channels + skip.channels);
    add(plan_copy<T>(deep.shape(), both.shape(), 0, skip.height / deep.height));
    add(plan_copy<T>(skip.shape(), both.shape(), deep.channels, 1));
    return both;
  }

  std::int64_t add_modulation(const DenseImpl& modulation) {
    const std::int64_t offset = modulation_size_;
    modulation_weights.push_back(modulation.weight.detach());
    modulation_biases.push_back(modulation.bias.detach());
    modulation_size_ += modulation.weight.size(0);
    return offset;
  }

  Map run_block(const ResBlockImpl& block, const Map& x) {
    Map inner = convolve(*block.conv1, normalise(*block.norm1, x, -1, true));
    if (modulation_size_ == 0) {
      first_modulated = operations.size();
      prefix_.push_back(inner);
    }
    inner = normalise(*block.norm2, inner, add_modulation(*block.modulation), true);
    Map out = map(x.height, x.width, inner.channels);
    if (block.shortcut.is_empty()) {
      add(plan_copy<T>(x.shape(), out.shape(), 0, 1));
    } else {
      add(plan_convolution<T>(*block.shortcut, x.shape(), out.shape(), {}));
    }
    add(plan_convolution<T>(*block.conv2, inner.shape(), out.shape(), {true, false}));
    return out;
  }

  Map run_stage(const KilnUnet::Stage& stage, const Map& x) {
    Map h = run_block(*stage.block, x);
    if (stage.attention.is_empty()) return h;
    const AttentionImpl& attention = *stage.attention;
    const Map qkv = convolve(*attention.qkv, normalise(*attention.norm, h, -1, false));
    const Map attended = map(h.height, h.width, h.channels);
    add(plan_attention<T>(attention.heads, qkv.shape(), attended.shape()));
    add(plan_convolution<T>(*attention.project, attended.shape(), h.shape(), {true, false}));
    return h;
  }

  BufferPool pool_;
  std::vector<Map> prefix_;  // what the operations before first_modulated leave for those after: never used again
  std::int64_t modulation_size_ = 0;
};

}  // namespace

CpuPlan::CpuPlan(const KilnUnet& network, const NetworkShape& shape, bool bf16)
    : picture_bytes_(sizeof(float) * static_cast<std::size_t>(shape.channels * shape.height * shape.width)) {
  const OneThread one_thread;
  const auto take = [&](auto& builder) {
    builder.build(network, shape);
    layout_ = builder.layout;
    operations_ = std::move(builder.operations);
    first_modulated_ = builder.first_modulated;
    input_ = builder.input;
    output_ = builder.output;
    modulation_weight = at::cat(builder.modulation_weights);
    modulation_bias = at::cat(builder.modulation_biases);
  };
  if (bf16) {
    Builder<Bf16> builder;
    take(builder);
  } else {
    Builder<float> builder;
    take(builder);
  }
}

std::unique_ptr<PlanWorkspace> CpuPlan::make_workspace() const {
  auto workspace = std::make_unique<PlanWorkspace>(layout_);
  for (const auto& operation : operations_) operation->prepare(*workspace);
  return workspace;
}

bool CpuPlan::run(PlanWorkspace& workspace, const Picture& picture, const std::function<bool()>& abandoned) const {
  const OneThread one_thread;
  workspace.modulation = picture.modulation;
  if (!picture.same_x) std::memcpy(workspace.buffer<float>(input_), picture.x, picture_bytes_);
  for (std::size_t i = picture.same_x ? first_modulated_ : 0; i < operations_.size(); ++i) {
    if (abandoned()) return false;
    operations_[i]->run(workspace);
  }
  std::memcpy(picture.out, workspace.buffer<float>(output_), picture_bytes_);
  return true;
}

void CpuPlan::run_convolutions(PlanWorkspace& workspace) const {
  const OneThread one_thread;
  for (const auto& operation : operations_) {
    if (operation->is_convolution()) operation->run(workspace);
  }
}

}  // namespace kiln

#endif
