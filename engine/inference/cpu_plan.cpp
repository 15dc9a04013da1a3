#if SPRITEKILN_ONEDNN

#include "engine/inference/cpu_plan.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace kiln {
namespace {

constexpr std::int64_t kSmallPicture = 64;  // pixels: from here on down the weights of a layer outweigh the picture

// Of one picture as floats.
std::size_t plane_bytes(const NetworkShape& shape, int channels) {
  return sizeof(float) * static_cast<std::size_t>(channels * shape.height * shape.width);
}

// Buffers by number, used again as soon as nothing holds them.
class BufferPool {
 public:
  using Lease = std::shared_ptr<const int>;

  // Buffers of different kinds never share memory.
  Lease lease(std::size_t bytes, std::int64_t kind = 0) {
    const auto fit = std::find_if(free_.begin(), free_.end(), [&](int index) {
      const auto place = static_cast<std::size_t>(index);
      return sizes_[place] == bytes && kinds_[place] == kind;
    });
    int index = static_cast<int>(sizes_.size());
    if (fit != free_.end()) {
      index = *fit;
      free_.erase(fit);
    } else {
      sizes_.push_back(bytes);
      kinds_.push_back(kind);
    }
    return {new int(index), [this](const int* held) {
              free_.push_back(*held);
              delete held;
            }};
  }

  const std::vector<std::size_t>& sizes() const { return sizes_; }

 private:
  std::vector<std::size_t> sizes_;
  std::vector<std::int64_t> kinds_;
  std::vector<int> free_;
};

// A picture in a buffer that is its own as long as the map lives.
struct Map {
  BufferPool::Lease lease;
  int height, width, channels, border = 0;

  MapShape shape() const { return {*lease, height, width, channels, border}; }
};

// Walks the network once and writes down what to do. T: float or Bf16.
template <class T>
class Builder {
 public:
  explicit Builder(const CpuPlanOptions& options) : winograd_(options.winograd), tiling_(options.tiling) {}

  void build(const KilnUnet& network, const NetworkShape& shape) {
    const auto input_lease = pool_.lease(plane_bytes(shape, shape.channels));
    const Map x = map(shape.height, shape.width, shape.channels);
    add(plan_entry<T>(*input_lease, x.shape()), x);
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
    const Map last = tiled(*network.head, normalise(*network.head_norm, h, -1, true));
    const std::size_t result_bytes = plane_bytes(shape, shape.output_channels());
    const Map result{pool_.lease(result_bytes), shape.height, shape.width, shape.output_channels()};
    add(plan_convolution<T>(*network.head, last.shape(), result.shape(), {false, true}), result);
    const auto output_lease = pool_.lease(result_bytes);
    add(plan_exit(result.shape(), *output_lease), result);

    input = *input_lease;
    output = *output_lease;
    for (const Map& left : prefix_) prefix.push_back(*left.lease);
    layout.pictures = CpuPlan::kMostPictures;
    layout.buffer_bytes = pool_.sizes();
    for (const auto& operation : operations) operation->reserve(layout);
  }

  PlanLayout layout;
  std::vector<std::unique_ptr<PlanOperation>> operations;
  std::size_t first_modulated = 0;
  std::vector<std::int64_t> pixels;  // of each operation's result
  std::vector<int> prefix;
  int input = -1, output = -1;
  std::vector<at::Tensor> modulation_weights, modulation_biases;

 private:
  void add(std::unique_ptr<PlanOperation> operation, const Map& result) {
    operations.push_back(std::move(operation));
    pixels.push_back(result.shape().pixels());
  }

  // Bordered maps share memory with their like only: the borders stay zero.
  Map map(int height, int width, int channels, int border = 0) {
    const MapShape shape{0, height, width, channels, border};
    return {pool_.lease(sizeof(T) * shape.numbers(), border > 0 ? std::int64_t{height} << 32 | channels : 0), height, width,
            channels, border};
  }

  // What the convolution reads: where the picture tiles, one with a border that holds its other side.
  Map tiled(const ConvImpl& conv, const Map& x) {
    if (conv.padding == 0 || !tiling_.any()) return x;
    Map around = map(x.height, x.width, x.channels, conv.padding);
    add(plan_wrap<T>(x.shape(), around.shape(), tiling_), around);
    return around;
  }

  Map convolve(const ConvImpl& conv, const Map& x) {
    const Map in = tiled(conv, x);
    Map y = map(x.height / conv.stride, x.width / conv.stride, static_cast<int>(conv.weight.size(0)));
    add(plan_convolution<T>(conv, in.shape(), y.shape(), {}), y);
    return y;
  }

  Map normalise(const NormImpl& norm, const Map& x, std::int64_t modulation_offset, bool silu, int border = 0) {
    Map y = map(x.height, x.width, x.channels, border);
    add(plan_norm<T>(norm, x.shape(), y.shape(), modulation_offset, silu), y);
    return y;
  }

  // The norm, then the convolution, then plus `added`, if there is one.
  Map normalise_and_convolve(const NormImpl& norm, const ConvImpl& conv, const Map& x, std::int64_t modulation_offset,
                             const Map* added) {
    const bool winograd = winograd_ && winograd_fits<T>(conv, x.height, x.width);
    const Map inner = normalise(norm, x, modulation_offset, true, winograd ? 1 : 0);
    Map out = map(x.height, x.width, static_cast<int>(conv.weight.size(0)));
    if (winograd) {
      if (tiling_.any()) add(plan_wrap<T>(inner.shape(), inner.shape(), tiling_), inner);
      const MapShape other = added ? added->shape() : MapShape{};
      add(plan_winograd<T>(conv, inner.shape(), added ? &other : nullptr, out.shape()), out);
      return out;
    }
    const Map in = tiled(conv, inner);
    if (added) add(plan_copy<T>(added->shape(), out.shape(), 0, 1), out);
    add(plan_convolution<T>(conv, in.shape(), out.shape(), {added != nullptr, false}), out);
    return out;
  }

  // Channels of `deep` (made as large as `skip`), then of `skip`.
  Map join(const Map& deep, const Map& skip) {
    Map both = map(skip.height, skip.width, deep.channels + skip.channels);
    add(plan_copy<T>(deep.shape(), both.shape(), 0, skip.height / deep.height), both);
    add(plan_copy<T>(skip.shape(), both.shape(), deep.channels, 1), both);
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
    const Map inner = normalise_and_convolve(*block.norm1, *block.conv1, x, -1, nullptr);
    if (modulation_size_ == 0) {
      first_modulated = operations.size();
      prefix_.push_back(inner);
    }
    const std::int64_t offset = add_modulation(*block.modulation);
    const Map around = block.shortcut.is_empty() ? x : convolve(*block.shortcut, x);
    return normalise_and_convolve(*block.norm2, *block.conv2, inner, offset, &around);
  }

  Map run_stage(const KilnUnet::Stage& stage, const Map& x) {
    Map h = run_block(*stage.block, x);
    if (stage.attention.is_empty()) return h;
    const AttentionImpl& attention = *stage.attention;
    const Map qkv = convolve(*attention.qkv, normalise(*attention.norm, h, -1, false));
    const Map attended = map(h.height, h.width, h.channels);
    add(plan_attention<T>(attention.heads, qkv.shape(), attended.shape()), attended);
    add(plan_convolution<T>(*attention.project, attended.shape(), h.shape(), {true, false}), h);
    return h;
  }

  bool winograd_;
  Tiling tiling_;
  BufferPool pool_;
  std::vector<Map> prefix_;  // what the operations before first_modulated leave for those after: never used again
  std::int64_t modulation_size_ = 0;
};

}  // namespace

CpuPlan::CpuPlan(const KilnUnet& network, const NetworkShape& shape, const CpuPlanOptions& options)
    : input_bytes_(plane_bytes(shape, shape.channels)), output_bytes_(plane_bytes(shape, shape.output_channels())) {
  const OneThread one_thread;
  const auto take = [&](auto builder) {
    builder.build(network, shape);
    layout_ = builder.layout;
    operations_ = std::move(builder.operations);
    first_modulated_ = builder.first_modulated;
    prefix_ = builder.prefix;
    input_ = builder.input;
    output_ = builder.output;
    modulation_weight = at::cat(builder.modulation_weights);
    modulation_bias = at::cat(builder.modulation_biases);
    make_segments(builder.pixels);
  };
  if (options.bf16) {
    take(Builder<Bf16>(options));
  } else {
    take(Builder<float>(options));
  }
}

void CpuPlan::make_segments(const std::vector<std::int64_t>& pixels) {
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const bool together = pixels[i] <= kSmallPicture;
    if (i == 0 || i == first_modulated_ || together != segments_.back().together) segments_.push_back({i, i, together});
    segments_.back().end = i + 1;
  }
}

std::unique_ptr<PlanWorkspace> CpuPlan::make_workspace() const {
  auto workspace = std::make_unique<PlanWorkspace>(layout_);
  for (const auto& operation : operations_) operation->prepare(*workspace);
  return workspace;
}

// run_one(operation, pictures): false ends it.
template <class Run>
bool CpuPlan::run_each(PlanWorkspace& workspace, const std::vector<Picture>& pictures, int distinct, const Run& run_one) const {
  const OneThread one_thread;
  const int count = static_cast<int>(pictures.size());
  for (int i = 0; i < count; ++i) {
    const Picture& picture = pictures[static_cast<std::size_t>(i)];
    workspace.modulations[static_cast<std::size_t>(i)] = picture.modulation;
    if (i < distinct) std::memcpy(workspace.buffer<float>(input_, i), picture.x, input_bytes_);
  }
  for (const Segment& segment : segments_) {
    if (segment.first == first_modulated_) {
      for (int i = distinct; i < count; ++i) {
        for (const int buffer : prefix_) workspace.copy_picture(buffer, i - distinct, i);
      }
    }
    const int wanted = segment.first < first_modulated_ ? distinct : count;
    const int at_once = segment.together ? wanted : 1;
    for (int first = 0; first < wanted; first += at_once) {
      for (std::size_t i = segment.first; i < segment.end; ++i) {
        if (!run_one(*operations_[i], Pictures{first, at_once})) return false;
      }
    }
  }
  for (int i = 0; i < count; ++i)
    std::memcpy(pictures[static_cast<std::size_t>(i)].out, workspace.buffer<float>(output_, i), output_bytes_);
  return true;
}

bool CpuPlan::run(PlanWorkspace& workspace, const std::vector<Picture>& pictures, int distinct,
                  const std::function<bool()>& abandoned) const {
  return run_each(workspace, pictures, distinct, [&](const PlanOperation& operation, Pictures which) {
    if (abandoned()) return false;
    operation.run(workspace, which);
    return true;
  });
}

void CpuPlan::run_timed(PlanWorkspace& workspace, const std::vector<Picture>& pictures, int distinct,
                        std::array<double, kPlanParts>& ms) const {
  using Clock = std::chrono::steady_clock;
  run_each(workspace, pictures, distinct, [&](const PlanOperation& operation, Pictures which) {
    const auto start = Clock::now();
    operation.run(workspace, which);
    ms[static_cast<std::size_t>(operation.part())] += std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    return true;
  });
}

void CpuPlan::run_convolutions(PlanWorkspace& workspace) const {
  const OneThread one_thread;
  for (const auto& operation : operations_) {
    if (operation->is_convolution()) operation->run(workspace, {0, 1});
  }
}

}  // namespace kiln

#endif
