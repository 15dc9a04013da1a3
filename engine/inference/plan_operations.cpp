#if SPRITEKILN_ONEDNN

#include "engine/inference/plan_operations.h"

#include <ATen/ATen.h>
#include <omp.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "engine/network/kernels/attention_kernels.h"
#include "engine/network/kernels/elementwise_kernels.h"

namespace kiln {
namespace {

constexpr std::size_t kLine = 64;

std::size_t whole_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

std::vector<float> floats_of(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  return {dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel()};
}

float value_of(float x) { return x; }
float value_of(Bf16 x) { return __builtin_bit_cast(float, static_cast<std::uint32_t>(x.bits) << 16); }

template <class T>
class NormOperation : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kNorm; }
  NormOperation(const GraphNorm& norm, const MapShape& input, const MapShape* before, const MapShape* after, const MapShape& result)
      : norm_(norm),
        input_(input),
        result_(result),
        before_(before ? before->buffer : kNoValue),
        after_(after ? after->buffer : kNoValue),
        scale_(norm.scale == 1 ? std::vector<float>() : std::vector<float>(static_cast<std::size_t>(input.channels), norm.scale)),
        plain_(norm.groups > 0 && before_ == kNoValue && after_ == kNoValue && scale_.empty() && norm.factors < 0 &&
               norm.offsets < 0 && (norm.activation == Activation::kNone || norm.activation == Activation::kSilu)) {
    if (norm.groups > 0) {
      weight_ = floats_of(norm.weight);
      bias_ = floats_of(norm.bias);
    }
  }

  void reserve(PlanLayout& layout) override {
    layout.scratch_floats = std::max(layout.scratch_floats, static_cast<std::size_t>(6 * input_.channels + 2 * norm_.groups));
  }

  void run_one(PlanWorkspace& workspace, int picture) const override {
    const std::int64_t channels = input_.channels;
    const T* in = workspace.buffer<T>(input_.buffer, picture);
    T* out = workspace.buffer<T>(result_.buffer, picture) + result_.first();
    const float* const modulation = workspace.modulations[static_cast<std::size_t>(picture)];
    float *const a = workspace.scratch(), *const b = a + channels;
    if (norm_.groups > 0) normalise(in, modulation, a, b, b + channels);
    // A border parts the rows of the result.
    const std::int64_t rows = result_.border > 0 ? input_.height : 1, pixels = input_.pixels() / rows;
    if (plain_) {
      const GroupNormKernels<T>& kernels = group_norm_kernels<T>(kernel_isa());
      for (std::int64_t y = 0; y < rows; ++y, in += pixels * channels, out += result_.row_stride())
        kernels.apply({in, channels}, {out, channels}, pixels, channels, a, b, nullptr, norm_.activation == Activation::kSilu);
      return;
    }
    const ElementwiseKernels<T>& kernels = elementwise_kernels<T>(kernel_isa());
    const auto beside = [&](int buffer) -> const T* { return buffer == kNoValue ? nullptr : workspace.buffer<T>(buffer, picture); };
    ActivationTerms<T> terms{norm_.groups > 0 ? a : nullptr,
                             norm_.groups > 0 ? b : nullptr,
                             norm_.activation,
                             {beside(before_), channels},
                             {beside(after_), channels},
                             factors(modulation, b + channels),
                             norm_.offsets < 0 ? nullptr : modulation + norm_.offsets};
    for (std::int64_t y = 0; y < rows; ++y, in += pixels * channels, out += result_.row_stride()) {
      kernels.activate({in, channels}, {out, channels}, pixels, channels, terms);
      if (terms.before.data) terms.before.data += pixels * channels;
      if (terms.after.data) terms.after.data += pixels * channels;
    }
  }

 private:
  // The affine map of each channel that normalises.
  void normalise(const T* in, const float* modulation, float* a, float* b, float* scratch) const {
    const std::int64_t channels = input_.channels, pixels = input_.pixels();
    const int groups = norm_.groups;
    float *const sum = scratch, *const squares = sum + channels, *const first = squares + channels;
    float *const mean = first + channels, *const rstd = mean + groups;
    group_norm_kernels<T>(kernel_isa()).sums({in, channels}, pixels, channels, sum, squares);
    const float* const moved = norm_.moved < 0 ? nullptr : modulation + norm_.moved;
    if (moved) {
      for (std::int64_t c = 0; c < channels; ++c) first[c] = value_of(in[c]) + moved[c];
      group_statistics<float>(first, pixels, channels, groups, norm_.eps, sum, squares, mean, rstd);
    } else {
      group_statistics(in, pixels, channels, groups, norm_.eps, sum, squares, mean, rstd);
    }
    const float* const scale_shift = norm_.scale_shift < 0 ? nullptr : modulation + norm_.scale_shift;
    group_norm_affine(channels, groups, mean, rstd, weight_.data(), bias_.data(), scale_shift, a, b);
    if (!moved) return;
    for (std::int64_t c = 0; c < channels; ++c) b[c] += a[c] * moved[c];
  }

  // What multiplies the result, or null.
  const float* factors(const float* modulation, float* scratch) const {
    if (norm_.factors < 0) return scale_.empty() ? nullptr : scale_.data();
    const float* const factors = modulation + norm_.factors;
    if (scale_.empty()) return factors;
    std::transform(scale_.begin(), scale_.end(), factors, scratch, std::multiplies<>());
    return scratch;
  }

  GraphNorm norm_;
  MapShape input_, result_;
  int before_, after_;  // buffers
  std::vector<float> weight_, bias_, scale_;
  bool plain_;  // GroupNorm's own kernel does it
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
    T* const first = workspace.buffer<T>(bordered_.buffer, picture) + bordered_.first();
    const std::int64_t stride = bordered_.row_stride(), pixel = bordered_.channels;
    const std::int64_t before = bordered_.border * pixel, after = bordered_.end_border * pixel;
    if (input_.buffer != bordered_.buffer) {
      const T* in = workspace.buffer<T>(input_.buffer, picture);
      for (int y = 0; y < input_.height; ++y) copy(first + y * stride, in + y * input_.row_stride(), input_.row_stride());
    }
    if (tiling_.x) {
      const std::int64_t width = input_.width * pixel;
      for (int y = 0; y < input_.height; ++y) {
        T* const row = first + y * stride;
        copy(row - before, row + width - before, before);
        copy(row + width, row, after);
      }
    }
    if (tiling_.y) {
      T* const whole = first - before;  // the first row with its borders
      const std::int64_t height = input_.height;
      for (int y = 1; y <= bordered_.border; ++y) copy(whole - y * stride, whole + (height - y) * stride, stride);
      for (int y = 0; y < bordered_.end_border; ++y) copy(whole + (height + y) * stride, whole + y * stride, stride);
    }
  }

 private:
  static void copy(T* to, const T* from, std::int64_t numbers) {
    std::memcpy(to, from, static_cast<std::size_t>(numbers) * sizeof(T));
  }

  MapShape input_, bordered_;
  Tiling tiling_;
};

template <class T>
class PoolOperation : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kCopy; }
  PoolOperation(const GraphPool& pool, const MapShape& input, const MapShape& result)
      : side_(pool.side), largest_(pool.largest), input_(input), result_(result) {}

  void run_one(PlanWorkspace& workspace, int picture) const override {
    const T* const in = workspace.buffer<T>(input_.buffer, picture);
    T* out = workspace.buffer<T>(result_.buffer, picture);
    const ElementwiseKernels<T>& kernels = elementwise_kernels<T>(kernel_isa());
    for (int y = 0; y < result_.height; ++y) {
      for (int x = 0; x < result_.width; ++x, out += result_.channels) {
        const T* const square = in + (std::ptrdiff_t{y} * input_.width + x) * side_ * input_.channels;
        kernels.pool({square, input_.channels}, input_.row_stride(), side_, input_.channels, largest_, out);
      }
    }
  }

 private:
  int side_;
  bool largest_;
  MapShape input_, result_;
};

template <class T>
class UnfoldOperation : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kCopy; }
  UnfoldOperation(const GraphUnfold& unfold, const MapShape& input, const MapShape& result)
      : side_(unfold.side), input_(input), result_(result) {}

  void run_one(PlanWorkspace& workspace, int picture) const override {
    const T* in = workspace.buffer<T>(input_.buffer, picture);
    T* const out = workspace.buffer<T>(result_.buffer, picture);
    const std::ptrdiff_t line = std::ptrdiff_t{side_} * result_.channels;  // of the square of a pixel
    for (int y = 0; y < input_.height; ++y) {
      for (int x = 0; x < input_.width; ++x) {
        for (int i = 0; i < side_; ++i, in += line)
          std::memcpy(out + (std::ptrdiff_t{y} * side_ + i) * result_.row_stride() + x * line, in,
                      static_cast<std::size_t>(line) * sizeof(T));
      }
    }
  }

 private:
  int side_;
  MapShape input_, result_;
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
  EntryOperation(const GraphInput& entry, int planar, const MapShape& result) : entry_(entry), planar_(planar), result_(result) {}

  void run_one(PlanWorkspace& workspace, int picture) const override {
    const float* in = workspace.buffer<float>(planar_, picture);
    T* out = workspace.buffer<T>(result_.buffer, picture);
    for (int c = 0; c < result_.channels; ++c) {
      for (std::int64_t p = 0; p < result_.pixels(); ++p)
        out[p * result_.channels + c] = converted(*in++ * entry_.scale + entry_.shift, out);
    }
  }

 private:
  GraphInput entry_;
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
std::unique_ptr<PlanOperation> plan_norm(const GraphNorm& norm, const MapShape& input, const MapShape* before,
                                         const MapShape* after, const MapShape& result) {
  return std::make_unique<NormOperation<T>>(norm, input, before, after, result);
}

template <class T>
std::unique_ptr<PlanOperation> plan_attention(int heads, const MapShape& qkv, const MapShape& result) {
  return std::make_unique<AttentionOperation<T>>(heads, qkv, result);
}

template <class T>
std::unique_ptr<PlanOperation> plan_pool(const GraphPool& pool, const MapShape& input, const MapShape& result) {
  return std::make_unique<PoolOperation<T>>(pool, input, result);
}

template <class T>
std::unique_ptr<PlanOperation> plan_copy(const MapShape& input, const MapShape& result, int first_channel, int zoom) {
  return std::make_unique<CopyOperation<T>>(input, result, first_channel, zoom);
}

template <class T>
std::unique_ptr<PlanOperation> plan_unfold(const GraphUnfold& unfold, const MapShape& input, const MapShape& result) {
  return std::make_unique<UnfoldOperation<T>>(unfold, input, result);
}

template <class T>
std::unique_ptr<PlanOperation> plan_wrap(const MapShape& input, const MapShape& bordered, Tiling tiling) {
  return std::make_unique<WrapOperation<T>>(input, bordered, tiling);
}

template <class T>
std::unique_ptr<PlanOperation> plan_entry(const GraphInput& entry, int planar, const MapShape& result) {
  return std::make_unique<EntryOperation<T>>(entry, planar, result);
}

std::unique_ptr<PlanOperation> plan_exit(const MapShape& input, int planar) {
  return std::make_unique<ExitOperation>(input, planar);
}

#define KILN_PLAN_OPERATIONS(T)                                                                                             \
  template std::unique_ptr<PlanOperation> plan_norm<T>(const GraphNorm&, const MapShape&, const MapShape*, const MapShape*, \
                                                       const MapShape&);                                                    \
  template std::unique_ptr<PlanOperation> plan_attention<T>(int, const MapShape&, const MapShape&);                         \
  template std::unique_ptr<PlanOperation> plan_pool<T>(const GraphPool&, const MapShape&, const MapShape&);                 \
  template std::unique_ptr<PlanOperation> plan_copy<T>(const MapShape&, const MapShape&, int, int);                         \
  template std::unique_ptr<PlanOperation> plan_unfold<T>(const GraphUnfold&, const MapShape&, const MapShape&);             \
  template std::unique_ptr<PlanOperation> plan_wrap<T>(const MapShape&, const MapShape&, Tiling);                           \
  template std::unique_ptr<PlanOperation> plan_entry<T>(const GraphInput&, int, const MapShape&);
KILN_PLAN_OPERATIONS(float)
KILN_PLAN_OPERATIONS(Bf16)
#undef KILN_PLAN_OPERATIONS

}  // namespace kiln

#endif
