#if SPRITEKILN_ONEDNN

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "engine/inference/plan_operations.h"
#include "engine/network/kernels/winograd.h"

namespace kiln {
namespace {

std::vector<float> floats_of(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  return {dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel()};
}

using dnnl::memory;

template <class T>
constexpr memory::data_type kType = std::is_same_v<T, float> ? memory::data_type::f32 : memory::data_type::bf16;

memory::desc map_description(const MapShape& map, memory::data_type type) {
  const int borders = map.border + map.end_border;
  return {{1, map.channels, map.height + borders, map.width + borders}, type, memory::format_tag::nhwc};
}

template <class T>
class DirectConvolution : public PictureOperation {
 public:
  PlanPart part() const override { return PlanPart::kConvolution; }
  DirectConvolution(const GraphConvolution& conv, const MapShape& input, const MapShape& result, const ConvolutionOptions& options)
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
    for (int picture = 0; picture < static_cast<int>(workspace.modulations.size()); ++picture) {
      workspace.convolution_arguments[index_].push_back({
          {DNNL_ARG_SRC, memory(map_description(input_, kType<T>), cpu_engine(), workspace.buffer<T>(input_.buffer, picture))},
          {DNNL_ARG_WEIGHTS, weights_},
          {DNNL_ARG_BIAS, bias_},
          {DNNL_ARG_DST,
           memory(map_description(result_, result_type_), cpu_engine(), workspace.buffer<T>(result_.buffer, picture))},
          {DNNL_ARG_SCRATCHPAD, memory(scratchpad_, cpu_engine(), workspace.scratchpad())},
      });
    }
  }

  void run_one(PlanWorkspace& workspace, int picture) const override {
    primitive_.execute(workspace.stream, workspace.convolution_arguments[index_][static_cast<std::size_t>(picture)]);
  }
  bool is_convolution() const override { return true; }

 private:
  dnnl::convolution_forward::primitive_desc describe(const GraphConvolution& conv, const memory::desc& weights,
                                                     const memory::desc& bias, const dnnl::primitive_attr& attributes) const {
    const memory::dim stride = conv.stride, before = conv.padding - input_.border;
    const memory::dim kernel = conv.weight.size(2);
    const memory::dims strides = {stride, stride}, padding_before = {before, before};
    const auto after = [&](memory::dim from, memory::dim to) {
      return std::max<memory::dim>(0, (to - 1) * stride + kernel - from - input_.border - input_.end_border - before);
    };
    const memory::dims padding_after = {after(input_.height, result_.height), after(input_.width, result_.width)};
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

WinogradShape winograd_shape(const GraphConvolution& conv, int height, int width) {
  return {height, width, conv.weight.size(1), conv.weight.size(0)};
}

template <class T>
class WinogradOperation : public PlanOperation {
 public:
  PlanPart part() const override { return PlanPart::kConvolution; }
  WinogradOperation(const GraphConvolution& conv, const MapShape& bordered, const MapShape* added, const MapShape& result)
      : convolution_(kernel_isa(), winograd_shape(conv, result.height, result.width),
                     floats_of(conv.weight.permute({0, 2, 3, 1})).data(), floats_of(conv.bias).data()),
        bordered_(bordered.buffer),
        added_(added ? added->buffer : -1),
        result_(result.buffer) {}

  void reserve(PlanLayout& layout) override {
    layout.scratchpad_bytes = std::max(layout.scratchpad_bytes, convolution_.scratch_bytes(layout.pictures));
  }

  void run(PlanWorkspace& workspace, Pictures pictures) const override {
    const T* const added = added_ < 0 ? nullptr : workspace.buffer<T>(added_, pictures.first);
    convolution_.run(workspace.buffer<T>(bordered_, pictures.first), added, workspace.buffer<T>(result_, pictures.first),
                     pictures.count, workspace.scratchpad());
  }

 private:
  WinogradConvolution<T> convolution_;
  int bordered_, added_, result_;
};

}  // namespace

template <class T>
std::unique_ptr<PlanOperation> plan_convolution(const GraphConvolution& conv, const MapShape& input, const MapShape& result,
                                                const ConvolutionOptions& options) {
  return std::make_unique<DirectConvolution<T>>(conv, input, result, options);
}

template <class T>
bool winograd_fits(const GraphConvolution& conv, int height, int width) {
  return conv.weight.size(2) == 3 && conv.stride == 1 && conv.padding == 1 &&
         has_winograd<T>(kernel_isa(), winograd_shape(conv, height, width));
}

template <class T>
std::unique_ptr<PlanOperation> plan_winograd(const GraphConvolution& conv, const MapShape& bordered, const MapShape* added,
                                             const MapShape& result) {
  return std::make_unique<WinogradOperation<T>>(conv, bordered, added, result);
}

#define KILN_PLAN_CONVOLUTIONS(T)                                                                                        \
  template std::unique_ptr<PlanOperation> plan_convolution<T>(const GraphConvolution&, const MapShape&, const MapShape&, \
                                                              const ConvolutionOptions&);                                \
  template bool winograd_fits<T>(const GraphConvolution&, int, int);                                                     \
  template std::unique_ptr<PlanOperation> plan_winograd<T>(const GraphConvolution&, const MapShape&, const MapShape*,    \
                                                           const MapShape&);
KILN_PLAN_CONVOLUTIONS(float)
KILN_PLAN_CONVOLUTIONS(Bf16)
#undef KILN_PLAN_CONVOLUTIONS

}  // namespace kiln

#endif
