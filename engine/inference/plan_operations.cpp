#if SPRITEKILN_ONEDNN

#include "engine/inference/plan_operations.h"

#include <ATen/ATen.h>
#include <omp.h>

#include <algorithm>
#include <cstring>

#include "engine/network/kernels/attention_kernels.h"

namespace kiln {
namespace {

constexpr std::size_t kLine = 64;

std::size_t whole_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

std::vector<float> floats_of(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  return {dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel()};
}

template <class T>
class NormOperation : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kNorm; }
  NormOperation(const NormImpl& norm, const MapShape& input, const MapShape& result, std::int64_t modulation_offset, bool silu)
      : weight_(floats_of(norm.weight)),
        bias_(floats_of(norm.bias)),
        groups_(norm.groups),
        input_(input),
        result_(result),
        modulation_offset_(modulation_offset),
        silu_(silu) {}

  void reserve(PlanLayout& layout) override {
    layout.scratch_floats = std::max(layout.scratch_floats, static_cast<std::size_t>(4 * input_.channels + 2 * groups_));
  }

  void run_one(PlanWorkspace& workspace, int picture) const override {
    const std::int64_t channels = input_.channels;
    const float* modulation =
        modulation_offset_ < 0 ? nullptr : workspace.modulations[static_cast<std::size_t>(picture)] + modulation_offset_;
    const GroupNormKernels<T>& kernels = group_norm_kernels<T>(kernel_isa());
    const T* in = workspace.buffer<T>(input_.buffer, picture);
    T* out = workspace.buffer<T>(result_.buffer, picture) + result_.first();
    float* const sum = workspace.scratch();
    float *const squares = sum + channels, *const a = squares + channels, *const b = a + channels;
    float *const mean = b + channels, *const rstd = mean + groups_;
    kernels.sums({in, channels}, input_.pixels(), channels, sum, squares);
    group_statistics(in, input_.pixels(), channels, groups_, kNormEps, sum, squares, mean, rstd);
    group_norm_affine(channels, groups_, mean, rstd, weight_.data(), bias_.data(), modulation, a, b);
    // A border parts the rows of the result.
    const std::int64_t rows = result_.border > 0 ? input_.height : 1, pixels = input_.pixels() / rows;
    for (std::int64_t y = 0; y < rows; ++y, in += pixels * channels, out += result_.row_stride()) {
      kernels.apply({in, channels}, {out, channels}, pixels, channels, a, b, nullptr, silu_);
    }
  }

 private:
  std::vector<float> weight_, bias_;
  int groups_;
  MapShape input_, result_;
  std::int64_t modulation_offset_;
  bool silu_;
};

template <class T>
class AttentionOperation : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kAttention; }
  AttentionOperation(int heads, const MapShape& qkv, const MapShape& result)
      : qkv_(qkv), result_(result), heads_(heads), head_channels_(result.channels / heads) {}

  void reserve(PlanLayout& layout) override {
    layout.scratch_floats =
        std::max(layout.scratch_floats, static_cast<std::size_t>(attention_scratch(qkv_.pixels(), head_channels_)));
  }

  void run_one(PlanWorkspace& workspace, int picture) const override {
    attention_sample<T>(kernel_isa(), {workspace.buffer<T>(qkv_.buffer, picture), qkv_.channels},
                        {workspace.buffer<T>(result_.buffer, picture), result_.channels}, qkv_.pixels(), heads_, head_channels_,
                        workspace.scratch());
  }

 private:
  MapShape qkv_, result_;
  int heads_, head_channels_;
};

template <class T>
class CopyOperation : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kCopy; }
  CopyOperation(const MapShape& input, const MapShape& result, int first_channel, int zoom)
      : input_(input), result_(result), first_channel_(first_channel), zoom_(zoom) {}

  void run_one(PlanWorkspace& workspace, int picture) const override {
    const T* in = workspace.buffer<T>(input_.buffer, picture);
    T* out = workspace.buffer<T>(result_.buffer, picture) + first_channel_;
    const std::size_t bytes = static_cast<std::size_t>(input_.channels) * sizeof(T);
    if (zoom_ == 1 && input_.channels == result_.channels) {
      std::memcpy(out, in, bytes * static_cast<std::size_t>(input_.pixels()));
      return;
    }
    for (int y = 0; y < result_.height; ++y) {
      const T* row = in + std::ptrdiff_t{y / zoom_} * input_.width * input_.channels;
      for (int x = 0; x < result_.width; ++x, out += result_.channels) {
        std::memcpy(out, row + std::ptrdiff_t{x / zoom_} * input_.channels, bytes);
      }
    }
  }

 private:
  MapShape input_, result_;
  int first_channel_, zoom_;
};

template <class T>
class WrapOperation : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kCopy; }
  WrapOperation(const MapShape& input, const MapShape& bordered, Tiling tiling)
      : input_(input), bordered_(bordered), tiling_(tiling) {}

  void run_one(PlanWorkspace& workspace, int picture) const override {
    T* const all = workspace.buffer<T>(bordered_.buffer, picture);
    const std::int64_t stride = bordered_.row_stride(), height = bordered_.height;
    const auto row = [&](std::int64_t y) { return all + (y + 1) * stride; };
    if (input_.buffer != bordered_.buffer) {
      const T* in = workspace.buffer<T>(input_.buffer, picture);
      for (std::int64_t y = 0; y < height; ++y, in += input_.row_stride())
        copy(row(y) + bordered_.channels, in, input_.row_stride());
    }
    if (tiling_.x) {
      for (std::int64_t y = 0; y < height; ++y) {
        copy(row(y), row(y) + stride - 2 * bordered_.channels, bordered_.channels);
        copy(row(y) + stride - bordered_.channels, row(y) + bordered_.channels, bordered_.channels);
      }
    }
    if (tiling_.y) {
      copy(row(-1), row(height - 1), stride);
      copy(row(height), row(0), stride);
    }
  }

 private:
  static void copy(T* to, const T* from, std::int64_t numbers) {
    std::memcpy(to, from, static_cast<std::size_t>(numbers) * sizeof(T));
  }

  MapShape input_, bordered_;
  Tiling tiling_;
};

Bf16 converted(float value, const Bf16*) {
  const auto bits = __builtin_bit_cast(std::uint32_t, value);
  return {static_cast<std::uint16_t>(value != value ? 0x7fc0u : (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16)};
}

float converted(float value, const float*) { return value; }

template <class T>
class EntryOperation : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kCopy; }
  EntryOperation(int planar, const MapShape& result) : planar_(planar), result_(result) {}

  void run_one(PlanWorkspace& workspace, int picture) const override {
    const float* in = workspace.buffer<float>(planar_, picture);
    T* out = workspace.buffer<T>(result_.buffer, picture);
    for (int c = 0; c < result_.channels; ++c) {
      for (std::int64_t p = 0; p < result_.pixels(); ++p) out[p * result_.channels + c] = converted(*in++, out);
    }
  }

 private:
  int planar_;
  MapShape result_;
};

class ExitOperation : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kCopy; }
  ExitOperation(const MapShape& input, int planar) : input_(input), planar_(planar) {}

  void run_one(PlanWorkspace& workspace, int picture) const override {
    const float* in = workspace.buffer<float>(input_.buffer, picture);
    float* out = workspace.buffer<float>(planar_, picture);
    for (int c = 0; c < input_.channels; ++c) {
      for (std::int64_t p = 0; p < input_.pixels(); ++p) *out++ = in[p * input_.channels + c];
    }
  }

 private:
  MapShape input_;
  int planar_;
};

}  // namespace

OneThread::OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
OneThread::~OneThread() { omp_set_num_threads(before_); }

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

PlanWorkspace::PlanWorkspace(const PlanLayout& layout)
    : modulations(static_cast<std::size_t>(layout.pictures)),
      stream(cpu_engine()),
      convolution_arguments(layout.convolutions),
      bytes_(layout.buffer_bytes),
      scratch_(layout.scratch_floats) {
  std::size_t total = whole_lines(layout.scratchpad_bytes);
  for (const std::size_t bytes : layout.buffer_bytes) {
    offsets_.push_back(total);
    total += whole_lines(bytes * static_cast<std::size_t>(layout.pictures));
  }
  memory_.resize(total + kLine);
  const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
  base_ = memory_.data() + (whole_lines(address) - address);
}

void PlanWorkspace::copy_picture(int index, int from, int to) {
  std::memcpy(buffer<std::byte>(index, to), buffer<std::byte>(index, from), bytes_[static_cast<std::size_t>(index)]);
}

template <class T>
std::unique_ptr<PlanOperation> plan_norm(const NormImpl& norm, const MapShape& input, const MapShape& result,
                                         std::int64_t modulation_offset, bool silu) {
  return std::make_unique<NormOperation<T>>(norm, input, result, modulation_offset, silu);
}

template <class T>
std::unique_ptr<PlanOperation> plan_attention(int heads, const MapShape& qkv, const MapShape& result) {
  return std::make_unique<AttentionOperation<T>>(heads, qkv, result);
}

template <class T>
std::unique_ptr<PlanOperation> plan_copy(const MapShape& input, const MapShape& result, int first_channel, int zoom) {
  return std::make_unique<CopyOperation<T>>(input, result, first_channel, zoom);
}

template <class T>
std::unique_ptr<PlanOperation> plan_wrap(const MapShape& input, const MapShape& bordered, Tiling tiling) {
  return std::make_unique<WrapOperation<T>>(input, bordered, tiling);
}

template <class T>
std::unique_ptr<PlanOperation> plan_entry(int planar, const MapShape& result) {
  return std::make_unique<EntryOperation<T>>(planar, result);
}

std::unique_ptr<PlanOperation> plan_exit(const MapShape& input, int planar) {
  return std::make_unique<ExitOperation>(input, planar);
}

#define KILN_PLAN_OPERATIONS(T)                                                                                                \
  template std::unique_ptr<PlanOperation> plan_norm<T>(const NormImpl&, const MapShape&, const MapShape&, std::int64_t, bool); \
  template std::unique_ptr<PlanOperation> plan_attention<T>(int, const MapShape&, const MapShape&);                            \
  template std::unique_ptr<PlanOperation> plan_copy<T>(const MapShape&, const MapShape&, int, int);                            \
  template std::unique_ptr<PlanOperation> plan_wrap<T>(const MapShape&, const MapShape&, Tiling);                              \
  template std::unique_ptr<PlanOperation> plan_entry<T>(int, const MapShape&);
KILN_PLAN_OPERATIONS(float)
KILN_PLAN_OPERATIONS(Bf16)
#undef KILN_PLAN_OPERATIONS

}  // namespace kiln

#endif
