#if SPRITEKILN_ONEDNN

#include "engine/inference/plan_operations.h"

#include <ATen/ATen.h>
#include <omp.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "engine/network/kernels/attention_kernels.h"

namespace kiln {
namespace {

constexpr std::size_t kLine = 64;

std::size_t whole_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

std::vector<float> floats_of(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  return {dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel()};
}

using dnnl::memory;

template <class T>
constexpr memory::data_type kType = std::is_same_v<T, float> ? memory::data_type::f32 : memory::data_type::bf16;

memory::desc map_description(const MapShape& map, memory::data_type type) {
  return {{1, map.channels, map.height, map.width}, type, memory::format_tag::nhwc};
}

template <class T>
class Convolution : public PlanOperation {
 public:
  Convolution(const ConvImpl& conv, const MapShape& input, const MapShape& result, const ConvolutionOptions& options)
      : input_(input), result_(result), result_type_(options.wide_result ? memory::data_type::f32 : kType<T>) {
    const memory::dims weight_dims = {result.channels, input.channels, conv.weight.size(2), conv.weight.size(3)};
    const memory::desc any_weights(weight_dims, kType<T>, memory::format_tag::any);
    const memory::desc bias({result.channels}, memory::data_type::f32, memory::format_tag::a);
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (options.accumulate) {
      dnnl::post_ops sum;
      sum.append_sum();
      attributes.set_post_ops(sum);
    }
    const auto description = describe(conv, any_weights, bias, attributes);
    scratchpad_ = description.scratchpad_desc();
    primitive_ = dnnl::convolution_forward(description);

    std::vector<float> bias_values = floats_of(conv.bias);
    bias_ = memory(bias, cpu_engine());
    std::memcpy(bias_.get_data_handle(), bias_values.data(), bias_values.size() * sizeof(float));
    std::vector<float> weight_values = floats_of(conv.weight);
    memory plain({weight_dims, memory::data_type::f32, memory::format_tag::oihw}, cpu_engine(), weight_values.data());
    weights_ = memory(description.weights_desc(), cpu_engine());
    dnnl::stream stream(cpu_engine());
    dnnl::reorder(plain, weights_).execute(stream, plain, weights_);
    stream.wait();
  }

  void reserve(PlanLayout& layout) override {
    index_ = layout.convolutions++;
    layout.scratchpad_bytes = std::max(layout.scratchpad_bytes, scratchpad_.get_size());
  }

  void prepare(PlanWorkspace& workspace) const override {
    workspace.convolution_arguments[index_] = {
        {DNNL_ARG_SRC, memory(map_description(input_, kType<T>), cpu_engine(), workspace.buffer<T>(input_.buffer))},
        {DNNL_ARG_WEIGHTS, weights_},
        {DNNL_ARG_BIAS, bias_},
        {DNNL_ARG_DST, memory(map_description(result_, result_type_), cpu_engine(), workspace.buffer<T>(result_.buffer))},
        {DNNL_ARG_SCRATCHPAD, memory(scratchpad_, cpu_engine(), workspace.scratchpad())},
    };
  }

  void run(PlanWorkspace& workspace) const override {
    primitive_.execute(workspace.stream, workspace.convolution_arguments[index_]);
  }
  bool is_convolution() const override { return true; }

 private:
  dnnl::convolution_forward::primitive_desc describe(const ConvImpl& conv, const memory::desc& weights, const memory::desc& bias,
                                                     const dnnl::primitive_attr& attributes) const {
    const memory::dim stride = conv.stride, before = conv.padding;
    const memory::dim kernel = conv.weight.size(2);
    const memory::dims strides = {stride, stride}, padding_before = {before, before};
    const memory::dims padding_after = {(result_.height - 1) * stride + kernel - input_.height - before,
                                        (result_.width - 1) * stride + kernel - input_.width - before};
    const memory::desc source = map_description(input_, kType<T>), destination = map_description(result_, result_type_);
    constexpr auto kKind = dnnl::prop_kind::forward_inference;
    constexpr auto kAlgorithm = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
    return {cpu_engine(), kKind,   kAlgorithm,     source,        weights,   bias,
            destination,  strides, padding_before, padding_after, attributes};
#else
    return {
        {kKind, kAlgorithm, source, weights, bias, destination, strides, padding_before, padding_after}, attributes, cpu_engine()};
#endif
  }

  MapShape input_, result_;
  memory::data_type result_type_;
  dnnl::convolution_forward primitive_;
  memory::desc scratchpad_;
  memory weights_, bias_;
  std::size_t index_ = 0;
};

template <class T>
class NormOperation : public PlanOperation {
 public:
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

  void run(PlanWorkspace& workspace) const override {
    const float* modulation = modulation_offset_ < 0 ? nullptr : workspace.modulation + modulation_offset_;
    float* mean = workspace.scratch() + 4 * input_.channels;
    group_norm_sample<T>(kernel_isa(), {workspace.buffer<T>(input_.buffer), input_.channels},
                         {workspace.buffer<T>(result_.buffer), input_.channels}, input_.pixels(), input_.channels, groups_,
                         kNormEps, weight_.data(), bias_.data(), modulation, silu_, mean, mean + groups_, workspace.scratch());
  }

 private:
  std::vector<float> weight_, bias_;
  int groups_;
  MapShape input_, result_;
  std::int64_t modulation_offset_;
  bool silu_;
};

template <class T>
class AttentionOperation : public PlanOperation {
 public:
  AttentionOperation(int heads, const MapShape& qkv, const MapShape& result)
      : qkv_(qkv), result_(result), heads_(heads), head_channels_(result.channels / heads) {}

  void reserve(PlanLayout& layout) override {
    layout.scratch_floats =
        std::max(layout.scratch_floats, static_cast<std::size_t>(attention_scratch(qkv_.pixels(), head_channels_)));
  }

  void run(PlanWorkspace& workspace) const override {
    attention_sample<T>(kernel_isa(), {workspace.buffer<T>(qkv_.buffer), qkv_.channels},
                        {workspace.buffer<T>(result_.buffer), result_.channels}, qkv_.pixels(), heads_, head_channels_,
                        workspace.scratch());
  }

 private:
  MapShape qkv_, result_;
  int heads_, head_channels_;
};

template <class T>
class CopyOperation : public PlanOperation {
 public:
  CopyOperation(const MapShape& input, const MapShape& result, int first_channel, int zoom)
      : input_(input), result_(result), first_channel_(first_channel), zoom_(zoom) {}

  void run(PlanWorkspace& workspace) const override {
    const T* in = workspace.buffer<T>(input_.buffer);
    T* out = workspace.buffer<T>(result_.buffer) + first_channel_;
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

Bf16 converted(float value, const Bf16*) {
  const auto bits = __builtin_bit_cast(std::uint32_t, value);
  return {static_cast<std::uint16_t>(value != value ? 0x7fc0u : (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16)};
}

float converted(float value, const float*) { return value; }

template <class T>
class EntryOperation : public PlanOperation {
 public:
  EntryOperation(int planar, const MapShape& result) : planar_(planar), result_(result) {}

  void run(PlanWorkspace& workspace) const override {
    const float* in = workspace.buffer<float>(planar_);
    T* out = workspace.buffer<T>(result_.buffer);
    for (int c = 0; c < result_.channels; ++c) {
      for (std::int64_t p = 0; p < result_.pixels(); ++p) out[p * result_.channels + c] = converted(*in++, out);
    }
  }

 private:
  int planar_;
  MapShape result_;
};

class ExitOperation : public PlanOperation {
 public:
  ExitOperation(const MapShape& input, int planar) : input_(input), planar_(planar) {}

  void run(PlanWorkspace& workspace) const override {
    const float* in = workspace.buffer<float>(input_.buffer);
    float* out = workspace.buffer<float>(planar_);
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
    : stream(cpu_engine()), convolution_arguments(layout.convolutions), scratch_(layout.scratch_floats) {
  std::size_t total = whole_lines(layout.scratchpad_bytes);
  for (const std::size_t bytes : layout.buffer_bytes) {
    offsets_.push_back(total);
    total += whole_lines(bytes);
  }
  memory_.resize(total + kLine);
  const auto address = reinterpret_cast<std::uintptr_t>(memory_.data());
  base_ = memory_.data() + (whole_lines(address) - address);
}

template <class T>
std::unique_ptr<PlanOperation> plan_convolution(const ConvImpl& conv, const MapShape& input, const MapShape& result,
                                                const ConvolutionOptions& options) {
  return std::make_unique<Convolution<T>>(conv, input, result, options);
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
std::unique_ptr<PlanOperation> plan_entry(int planar, const MapShape& result) {
  return std::make_unique<EntryOperation<T>>(planar, result);
}

std::unique_ptr<PlanOperation> plan_exit(const MapShape& input, int planar) {
  return std::make_unique<ExitOperation>(input, planar);
}

#define KILN_PLAN_OPERATIONS(T)                                                                                                \
  template std::unique_ptr<PlanOperation> plan_convolution<T>(const ConvImpl&, const MapShape&, const MapShape&,               \
                                                              const ConvolutionOptions&);                                      \
  template std::unique_ptr<PlanOperation> plan_norm<T>(const NormImpl&, const MapShape&, const MapShape&, std::int64_t, bool); \
  template std::unique_ptr<PlanOperation> plan_attention<T>(int, const MapShape&, const MapShape&);                            \
  template std::unique_ptr<PlanOperation> plan_copy<T>(const MapShape&, const MapShape&, int, int);                            \
  template std::unique_ptr<PlanOperation> plan_entry<T>(int, const MapShape&);
KILN_PLAN_OPERATIONS(float)
KILN_PLAN_OPERATIONS(Bf16)
#undef KILN_PLAN_OPERATIONS

}  // namespace kiln

#endif
