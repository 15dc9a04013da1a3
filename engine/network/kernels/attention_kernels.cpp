#include "engine/network/kernels/attention_kernels.h"

#include <cmath>
#include <type_traits>

#include "engine/network/kernels/attention_table.h"

namespace kiln {
namespace {

constexpr std::int64_t kWidest = 16;  // floats in the widest vector
constexpr std::int64_t kRows = 4;     // score rows at a time

const attention_table::Pair& table_of(Isa isa) {
  using namespace attention_table;
  static const Pair* const kTables[] = {&kScalar, &kAvx2, &kAvx512, &kAvx512Bf16};
  int index = static_cast<int>(isa);
  while (kTables[index]->f32 == nullptr) --index;
  return *kTables[index];
}

template <class T>
attention_table::Head<T> head_of(Isa isa) {
  if constexpr (std::is_same_v<T, float>) {
    return table_of(isa).f32;
  } else {
    return table_of(isa).bf16;
  }
}

template <class T>
attention_table::HeadBackward<T> head_backward_of(Isa isa) {
  if constexpr (std::is_same_v<T, float>) {
    return table_of(isa).f32_backward;
  } else {
    return table_of(isa).bf16_backward;
  }
}

}  // namespace

std::int64_t attention_scratch(std::int64_t tokens, std::int64_t head_channels) {
  const std::int64_t keys = tokens + kWidest, columns = head_channels + kWidest;
  return 2 * head_channels * keys + 4 * tokens * columns + 3 * kRows * columns + 2 * kRows * keys;
}

template <class T>
void attention_sample(Isa isa, Rows<const T> qkv, Rows<T> out, std::int64_t tokens, std::int64_t heads, std::int64_t head_channels,
                      float* scratch) {
  const auto head = head_of<T>(isa);
  const std::int64_t channels = heads * head_channels;
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(head_channels)));
  for (std::int64_t h = 0; h < heads; ++h) {
    const T* q = qkv.data + h * head_channels;
    head({q, qkv.stride}, {q + channels, qkv.stride}, {q + 2 * channels, qkv.stride}, {out.data + h * head_channels, out.stride},
         tokens, head_channels, scale, scratch);
  }
}

template <class T>
void attention_sample_backward(Isa isa, Rows<const T> qkv, Rows<const T> result_gradient, Rows<T> qkv_gradient, std::int64_t tokens,
                               std::int64_t heads, std::int64_t head_channels, float* scratch) {
  const auto backward = head_backward_of<T>(isa);
  const std::int64_t channels = heads * head_channels;
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(head_channels)));
  for (std::int64_t h = 0; h < heads; ++h) {
    const T* q = qkv.data + h * head_channels;
    T* dq = qkv_gradient.data + h * head_channels;
    backward({q, qkv.stride}, {q + channels, qkv.stride}, {q + 2 * channels, qkv.stride},
             {{result_gradient.data + h * head_channels, result_gradient.stride},
              {dq, qkv_gradient.stride},
              {dq + channels, qkv_gradient.stride},
              {dq + 2 * channels, qkv_gradient.stride}},
             tokens, head_channels, scale, scratch);
  }
}

template void attention_sample(Isa, Rows<const float>, Rows<float>, std::int64_t, std::int64_t, std::int64_t, float*);
template void attention_sample(Isa, Rows<const Bf16>, Rows<Bf16>, std::int64_t, std::int64_t, std::int64_t, float*);
template void attention_sample_backward(Isa, Rows<const float>, Rows<const float>, Rows<float>, std::int64_t, std::int64_t,
                                        std::int64_t, float*);
template void attention_sample_backward(Isa, Rows<const Bf16>, Rows<const Bf16>, Rows<Bf16>, std::int64_t, std::int64_t,
                                        std::int64_t, float*);

}  // namespace kiln
