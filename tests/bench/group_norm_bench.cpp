// GroupNorm + scale/shift + SiLU over 32 samples of 64 channels at 16×16: the fused kernels against ATen's three passes.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <benchmark/benchmark.h>
#include <torch/autograd.h>
#include <torch/types.h>

#include "engine/network/kernels/group_norm.h"
#include "engine/network/kernels/isa.h"

namespace {

using namespace kiln;

constexpr int64_t kSamples = 32, kChannels = 64, kSide = 16, kGroups = 4;

struct Inputs {
  at::Tensor x, weight, bias, scale_shift;

  explicit Inputs(at::ScalarType type) {
    x = torch::randn({kSamples, kChannels, kSide, kSide}).to(type).contiguous(at::MemoryFormat::ChannelsLast);
    weight = torch::ones({kChannels});
    bias = torch::zeros({kChannels});
    scale_shift = torch::randn({kSamples, 2 * kChannels}) * 0.1;
  }
};

at::ScalarType type_of(const benchmark::State& state) { return state.range(1) ? at::kBFloat16 : at::kFloat; }

void fused_forward(benchmark::State& state) {
  const at::NoGradGuard no_grad;
  set_kernel_isa(static_cast<Isa>(state.range(0)));
  const Inputs in(type_of(state));
  for (auto _ : state) benchmark::DoNotOptimize(group_norm_silu(in.x, in.weight, in.bias, in.scale_shift, kGroups, 1e-5, true));
  state.SetItemsProcessed(state.iterations() * in.x.numel());
  state.SetLabel(std::string(to_string(kernel_isa())));
}

void fused_forward_backward(benchmark::State& state) {
  set_kernel_isa(static_cast<Isa>(state.range(0)));
  Inputs in(type_of(state));
  in.x.requires_grad_();
  in.weight.requires_grad_();
  const at::Tensor dy = torch::ones_like(in.x);
  for (auto _ : state) {
    const at::Tensor y = group_norm_silu(in.x, in.weight, in.bias, in.scale_shift, kGroups, 1e-5, true);
    benchmark::DoNotOptimize(torch::autograd::grad({y}, {in.x, in.weight}, {dy}));
  }
  state.SetItemsProcessed(state.iterations() * in.x.numel());
  state.SetLabel(std::string(to_string(kernel_isa())));
}

void aten_forward(benchmark::State& state) {
  const at::NoGradGuard no_grad;
  const Inputs in(type_of(state));
  const auto type = type_of(state);
  const at::Tensor weight = in.weight.to(type), bias = in.bias.to(type), modulation = in.scale_shift.to(type);
  for (auto _ : state) {
    const auto parts = modulation.view({kSamples, 2 * kChannels, 1, 1}).chunk(2, 1);
    const at::Tensor y = at::group_norm(in.x, kGroups, weight, bias, 1e-5) * (parts[0] + 1) + parts[1];
    benchmark::DoNotOptimize(at::silu(y));
  }
  state.SetItemsProcessed(state.iterations() * in.x.numel());
}

const auto kIsas = benchmark::CreateDenseRange(0, static_cast<int>(detected_isa()), 1);

BENCHMARK(fused_forward)->ArgNames({"isa", "bf16"})->ArgsProduct({kIsas, {0, 1}})->Unit(benchmark::kMicrosecond);
BENCHMARK(fused_forward_backward)->ArgNames({"isa", "bf16"})->ArgsProduct({kIsas, {0, 1}})->Unit(benchmark::kMicrosecond);
BENCHMARK(aten_forward)->ArgNames({"", "bf16"})->ArgsProduct({{0}, {0, 1}})->Unit(benchmark::kMicrosecond);

}  // namespace

int main(int argc, char** argv) {
  at::set_num_threads(1);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
