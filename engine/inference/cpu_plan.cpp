#if SPRITEKILN_ONEDNN

#include "engine/inference/cpu_plan.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>

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
  int height, width, channels, border = 0, end_border = 0;

  MapShape shape() const { return {*lease, height, width, channels, border, end_border}; }
};

// Walks the graph once and writes down what to do. T: float or Bf16.
template <class T>
class Builder {
 public:
  Builder(const NetworkGraph& graph, const NetworkShape& shape, const CpuPlanOptions& options)
      : graph_(graph), shape_(shape), options_(options), readers_(graph.operations.size()), values_(graph.operations.size()) {}

  void build() {
    const int count = static_cast<int>(graph_.operations.size());
    for (int i = 0; i < count; ++i) {
      for (const int value : values_read(operation(i))) readers_[static_cast<std::size_t>(value)].push_back(i);
    }
    bool modulated = false;
    for (now_ = 0; now_ < count; ++now_) {
      if (!modulated && reads_modulation(operation(now_))) {
        modulated = true;
        begin_modulated();
      }
      values_[static_cast<std::size_t>(now_)] = std::visit([&](const auto& op) { return run(op); }, operation(now_));
      for (const int value : values_read(operation(now_))) {
        if (is_last_reader(value)) values_[static_cast<std::size_t>(value)].reset();
      }
    }
    const Map& result = *values_.back();
    const auto output_lease = pool_.lease(plane_bytes(shape_, shape_.output_channels()));
    add(plan_exit(result.shape(), *output_lease), result);
    output = *output_lease;
    layout.pictures = CpuPlan::kMostPictures;
    layout.buffer_bytes = pool_.sizes();
    for (const auto& planned : operations) planned->reserve(layout);
  }

  PlanLayout layout;
  std::vector<std::unique_ptr<PlanOperation>> operations;
  std::size_t first_modulated = 0;
  std::vector<std::int64_t> pixels;  // of each operation's result
  std::vector<int> prefix;
  int input = -1, output = -1;

 private:
  const GraphOperation& operation(int index) const { return graph_.operations[static_cast<std::size_t>(index)]; }
  const Map& value(int index) const { return *values_[static_cast<std::size_t>(index)]; }
  bool is_last() const { return now_ + 1 == static_cast<int>(graph_.operations.size()); }
  bool is_last_reader(int value) const { return readers_[static_cast<std::size_t>(value)].back() == now_; }

  void begin_modulated() {
    first_modulated = operations.size();
    for (const auto& left : values_) {
      if (left) prefix.push_back(*left->lease);
    }
  }

  void add(std::unique_ptr<PlanOperation> planned, const Map& result) {
    operations.push_back(std::move(planned));
    pixels.push_back(result.shape().pixels());
  }

  // Bordered maps share memory with their like only: the borders stay zero.
  Map map(int height, int width, int channels, int border = 0, int end_border = 0) {
    const MapShape shape{0, height, width, channels, border, end_border};
    const std::int64_t kind =
        border + end_border > 0 ? std::int64_t{height} << 40 | std::int64_t{channels} << 8 | border << 4 | end_border : 0;
    return {pool_.lease(sizeof(T) * shape.numbers(), kind), height, width, channels, border, end_border};
  }

  Map bordered(const Map& x, int border, int end_border) {
    Map around = map(x.height, x.width, x.channels, border, end_border);
    add(plan_wrap<T>(x.shape(), around.shape(), options_.tiling), around);
    return around;
  }

  bool by_winograd(const GraphConvolution& conv, int height, int width) const {
    return options_.winograd && winograd_fits<T>(conv, height, width);
  }

  // Of what the current operation makes: 1 where nothing but one of Winograd's convolutions reads it.
  int border_of_result(int height, int width) const {
    const auto& readers = readers_[static_cast<std::size_t>(now_)];
    if (readers.size() != 1 || readers[0] + 1 == static_cast<int>(graph_.operations.size())) return 0;
    const auto* const conv = std::get_if<GraphConvolution>(&operation(readers[0]));
    return conv != nullptr && conv->x == now_ && by_winograd(*conv, height, width) ? 1 : 0;
  }

  Map run(const GraphInput& op) {
    const auto lease = pool_.lease(plane_bytes(shape_, shape_.channels));
    input = *lease;
    Map y = map(shape_.height, shape_.width, shape_.channels);
    add(plan_entry<T>(op, input, y.shape()), y);
    return y;
  }

  // Where the result goes that `added` is added to: into its memory, if nothing else needs that.
  Map sum_of(const GraphConvolution& op, int height, int width) {
    if (op.added != kNoValue && is_last_reader(op.added)) return value(op.added);
    return map(height, width, static_cast<int>(op.weight.size(0)));
  }

  Map run(const GraphConvolution& op) {
    const Map& x = value(op.x);
    const int height = x.height / op.stride, width = x.width / op.stride;
    if (is_last()) return convolve_to_floats(op, x);
    if (by_winograd(op, height, width)) {
      const Map in = x.border == 1 ? x : bordered(x, 1, 1);
      if (x.border == 1 && options_.tiling.any()) add(plan_wrap<T>(in.shape(), in.shape(), options_.tiling), in);
      const MapShape added = op.added == kNoValue ? MapShape{} : value(op.added).shape();
      Map y = sum_of(op, height, width);
      add(plan_winograd<T>(op, in.shape(), op.added == kNoValue ? nullptr : &added, y.shape()), y);
      return y;
    }
    const Map in = tiled(op, x);
    Map y = sum_of(op, height, width);
    if (op.added != kNoValue && y.lease != value(op.added).lease) add(plan_copy<T>(value(op.added).shape(), y.shape(), 0, 1), y);
    add(plan_convolution<T>(op, in.shape(), y.shape(), {op.added != kNoValue, false}), y);
    return y;
  }

  Map convolve_to_floats(const GraphConvolution& op, const Map& x) {
    const Map in = tiled(op, x);
    Map y{pool_.lease(plane_bytes(shape_, shape_.output_channels())), shape_.height, shape_.width, shape_.output_channels()};
    add(plan_convolution<T>(op, in.shape(), y.shape(), {false, true}), y);
    return y;
  }

  // What oneDNN's convolution reads: where the picture tiles, one with a border that holds its other side.
  Map tiled(const GraphConvolution& op, const Map& x) {
    const int kernel = static_cast<int>(op.weight.size(2));
    const int end = (x.width / op.stride - 1) * op.stride + kernel - x.width - op.padding;
    return kernel == 1 || !options_.tiling.any() ? x : bordered(x, op.padding, std::max(0, end));
  }

  Map run(const GraphNorm& op) {
    const Map& x = value(op.x);
    const int border = border_of_result(x.height, x.width);
    Map y = map(x.height, x.width, x.channels, border, border);
    const auto shape_of = [&](int index) { return index == kNoValue ? MapShape{} : value(index).shape(); };
    const MapShape before = shape_of(op.before), after = shape_of(op.after);
    add(plan_norm<T>(op, x.shape(), op.before == kNoValue ? nullptr : &before, op.after == kNoValue ? nullptr : &after, y.shape()),
        y);
    return y;
  }

  Map run(const GraphAttention& op) {
    const Map& qkv = value(op.qkv);
    Map y = map(qkv.height, qkv.width, qkv.channels / 3);
    add(plan_attention<T>(op.heads, qkv.shape(), y.shape()), y);
    return y;
  }

  Map run(const GraphPool& op) {
    const Map& x = value(op.x);
    Map y = map(x.height / op.side, x.width / op.side, x.channels);
    add(plan_pool<T>(op, x.shape(), y.shape()), y);
    return y;
  }

  Map run(const GraphConcat& op) {
    int channels = 0;
    for (const auto& part : op.parts) channels += value(part.x).channels;
    const auto& front = op.parts.front();
    Map y = map(value(front.x).height * front.zoom, value(front.x).width * front.zoom, channels);
    int first = 0;
    for (const auto& part : op.parts) {
      add(plan_copy<T>(value(part.x).shape(), y.shape(), first, part.zoom), y);
      first += value(part.x).channels;
    }
    return y;
  }

  Map run(const GraphUnfold& op) {
    const Map& x = value(op.x);
    Map y = map(x.height * op.side, x.width * op.side, x.channels / (op.side * op.side));
    add(plan_unfold<T>(op, x.shape(), y.shape()), y);
    return y;
  }

  const NetworkGraph& graph_;
  const NetworkShape& shape_;
  CpuPlanOptions options_;
  BufferPool pool_;
  std::vector<std::vector<int>> readers_;   // of each value, in order
  std::vector<std::optional<Map>> values_;  // that are still to be read
  int now_ = 0;                             // the operation
};

}  // namespace

CpuPlan::CpuPlan(const NetworkGraph& graph, const NetworkShape& shape, const CpuPlanOptions& options)
    : input_bytes_(plane_bytes(shape, shape.channels)), output_bytes_(plane_bytes(shape, shape.output_channels())) {
  const OneThread one_thread;
  const auto take = [&](auto builder) {
    builder.build();
    layout_ = builder.layout;
    operations_ = std::move(builder.operations);
    first_modulated_ = builder.first_modulated;
    prefix_ = builder.prefix;
    input_ = builder.input;
    output_ = builder.output;
    make_segments(builder.pixels);
  };
  if (options.bf16) {
    take(Builder<Bf16>(graph, shape, options));
  } else {
    take(Builder<float>(graph, shape, options));
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
