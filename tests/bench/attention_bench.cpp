// Self-attention over the pixels of 32 samples, 4 heads of 32 channels: the kernels, which keep no scores, against a composition
// that writes them out.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <benchmark/benchmark.h>
#include <torch/autograd.h>
#include <torch/types.h>

#include <cmath>

#include "engine/network/kernels/attention.h"
#include "engine/network/kernels/isa.h"

namespace {

using namespace kiln;

constexpr int64_t kSamples = 32, kHeads = 4, kHeadChannels = 32, kChannels = kHeads * kHeadChannels;

at::Tensor inputs(const benchmark::State& state) {
  const int64_t side = state.range(2);
  const at::Tensor qkv = torch::randn({kSamples, 3 * kChannels, side, side}).contiguous(at::MemoryFormat::ChannelsLast);
  return qkv.to(state.range(1) ? at::kBFloat16 : at::kFloat);
}

void kernel_forward(benchmark::State& state) {
  const at::NoGradGuard no_grad;
  set_kernel_isa(static_cast<Isa>(state.range(0)));
  const at::Tensor qkv = inputs(state);
  for (auto _ : state) benchmark::DoNotOptimize(self_attention(qkv, kHeads));
  state.SetLabel(std::string(to_string(kernel_isa())));
}

void kernel_forward_backward(benchmark::State& state) {
  set_kernel_isa(static_cast<Isa>(state.range(0)));
  const at::Tensor qkv = inputs(state).requires_grad_();
  const at::Tensor gradient =
      torch::ones({kSamples, kChannels, state.range(2), state.range(2)}, qkv.options().requires_grad(false));
  for (auto _ : state) benchmark::DoNotOptimize(torch::autograd::grad({self_attention(qkv, kHeads)}, {qkv}, {gradient}));
  state.SetLabel(std::string(to_string(kernel_isa())));
}

void composed_forward(benchmark::State& state) {
  const at::NoGradGuard no_grad;
  const at::Tensor qkv = inputs(state);
  const int64_t pixels = state.range(2) * state.range(2);
  for (auto _ : state) {
    const auto parts = qkv.flatten(2).view({kSamples, 3, kHeads, kHeadChannels, pixels}).unbind(1);
    const at::Tensor scores = at::matmul(parts[0].transpose(2, 3), parts[1]) / std::sqrt(static_cast<double>(kHeadChannels));
    benchmark::DoNotOptimize(at::matmul(parts[2], scores.softmax(-1).transpose(2, 3)));
  }
}

const auto kIsas = benchmark::CreateDenseRange(0, static_cast<int>(detected_isa()), 1);

BENCHMARK(kernel_forward)->ArgNames({"isa", "bf16", "side"})->ArgsProduct({kIsas, {0, 1}, {8, 16}})->Unit(benchmark::kMicrosecond);
BENCHMARK(kernel_forward_backward)
    ->ArgNames({"isa", "bf16", "side"})
    ->ArgsProduct({kIsas, {0, 1}, {8}})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(composed_forward)->ArgNames({"", "bf16", "side"})->ArgsProduct({{0}, {0, 1}, {8, 16}})->Unit(benchmark::kMicrosecond);

}  // namespace
