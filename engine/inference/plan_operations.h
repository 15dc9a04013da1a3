#pragma once

#if SPRITEKILN_ONEDNN

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>
#include <vector>

#include "engine/network/blocks/tiling.h"
#include "engine/network/graph.h"
#include "engine/network/kernels/group_norm_kernels.h"

// What a CpuPlan consists of: operations on numbered buffers, each of which holds a few pictures. T is the type of activations,
// float or Bf16; a map is one picture as rows of channels, one row a pixel.
namespace kiln {

// oneDNN's and OpenMP's parallelism off in the calling thread while it lives: pictures are what is split across cores.
class OneThread {
 public:
  OneThread();
  ~OneThread();
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

const dnnl::engine& cpu_engine();

struct PlanLayout {
  std::vector<std::size_t> buffer_bytes;  // of one picture
  int pictures = 1;                       // at once, at most
  std::size_t scratch_floats = 0;
  std::size_t scratchpad_bytes = 0;  // of a convolution
  std::size_t convolutions = 0;      // oneDNN's
};

// The memory of one thread.
class PlanWorkspace {
 public:
  explicit PlanWorkspace(const PlanLayout& layout);

  template <class T>
  T* buffer(int index, int picture) {
    const auto place = static_cast<std::size_t>(index);
    return reinterpret_cast<T*>(base_ + offsets_[place] + static_cast<std::size_t>(picture) * bytes_[place]);
  }
  float* scratch() { return scratch_.data(); }
  std::byte* scratchpad() { return base_; }
  // The picture `from` of a buffer becomes its picture `to` as well.
  void copy_picture(int index, int from, int to);

  std::vector<const float*> modulations;  // of each picture
  dnnl::stream stream;
  std::vector<std::vector<std::unordered_map<int, dnnl::memory>>> convolution_arguments;  // of each convolution, for each picture

 private:
  std::vector<std::byte> memory_;
  std::byte* base_;  // in memory_, on a cache line
  std::vector<std::size_t> offsets_, bytes_;
  std::vector<float> scratch_;
};

struct Pictures {
  int first, count;
};

// What an operation does, for telling where the time goes.
enum class PlanPart { kConvolution, kNorm, kAttention, kCopy };
inline constexpr std::size_t kPlanParts = 4;

class PlanOperation {
 public:
  virtual ~PlanOperation() = default;
  virtual PlanPart part() const = 0;
  // Adds what it needs to the layout.
  virtual void reserve(PlanLayout&) {}
  // Once for each workspace.
  virtual void prepare(PlanWorkspace&) const {}
  virtual void run(PlanWorkspace& workspace, Pictures pictures) const = 0;
  virtual bool is_convolution() const { return false; }
};

// One that does its pictures one by one.
class PictureOperation : public PlanOperation {
 public:
  void run(PlanWorkspace& workspace, Pictures pictures) const final {
    for (int i = 0; i < pictures.count; ++i) run_one(workspace, pictures.first + i);
  }

 protected:
  virtual void run_one(PlanWorkspace& workspace, int picture) const = 0;
};

struct MapShape {
  int buffer, height, width, channels;
  // Pixels before and after it along both axes: zeros, or where the picture tiles, its other side.
  int border = 0, end_border = 0;

  std::int64_t pixels() const { return std::int64_t{height} * width; }
  std::int64_t row_stride() const { return std::int64_t{width + border + end_border} * channels; }
  std::int64_t first() const { return border * (row_stride() + channels); }  // place of the first pixel's first number
  std::size_t numbers() const {
    return static_cast<std::size_t>(row_stride()) * static_cast<std::size_t>(height + border + end_border);
  }
};

// `result` (+)= conv(input), by oneDNN, directly. A border of the input stands for as much padding. wide_result: the result is
// float whatever T is.
struct ConvolutionOptions {
  bool accumulate = false;
  bool wide_result = false;
};
template <class T>
std::unique_ptr<PlanOperation> plan_convolution(const GraphConvolution& conv, const MapShape& input, const MapShape& result,
                                                const ConvolutionOptions& options);

// `input` into `bordered` (the same map: it is there already), whose border then holds what lies at the other side, along the
// tiling's axes.
template <class T>
std::unique_ptr<PlanOperation> plan_wrap(const MapShape& input, const MapShape& bordered, Tiling tiling);

// A convolution by WinogradConvolution: its source has a border of one pixel, its result none; `added` (a map, or null) is added.
template <class T>
bool winograd_fits(const GraphConvolution& conv, int height, int width);
template <class T>
std::unique_ptr<PlanOperation> plan_winograd(const GraphConvolution& conv, const MapShape& bordered, const MapShape* added,
                                             const MapShape& result);

// before, after: what norm.before and norm.after are, or null.
template <class T>
std::unique_ptr<PlanOperation> plan_norm(const GraphNorm& norm, const MapShape& input, const MapShape* before,
                                         const MapShape* after, const MapShape& result);

// qkv: 3 · C channels.
template <class T>
std::unique_ptr<PlanOperation> plan_attention(int heads, const MapShape& qkv, const MapShape& result);

template <class T>
std::unique_ptr<PlanOperation> plan_pool(const GraphPool& pool, const MapShape& input, const MapShape& result);

// Into the channels from first_channel on; each pixel becomes zoom × zoom of them (nearest neighbour).
template <class T>
std::unique_ptr<PlanOperation> plan_copy(const MapShape& input, const MapShape& result, int first_channel, int zoom);

template <class T>
std::unique_ptr<PlanOperation> plan_unfold(const GraphUnfold& unfold, const MapShape& input, const MapShape& result);

// float [C, H, W] → rows of T, and rows of float → float [O, H, W].
template <class T>
std::unique_ptr<PlanOperation> plan_entry(const GraphInput& entry, int planar, const MapShape& result);
std::unique_ptr<PlanOperation> plan_exit(const MapShape& input, int planar);

}  // namespace kiln

#endif
