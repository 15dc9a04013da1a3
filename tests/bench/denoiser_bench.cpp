// One guided step of the default network at 16×16: the plan against plain eager LibTorch in fp32 (planar, two calls a step, as the
// usual Python loop) and in bf16.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "engine/base/cpu.h"
#include "engine/inference/make_denoiser.h"

namespace {

using namespace kiln;

const Model& model() {
  static const Model made = [] {
    const ParamMap params = defaults_of(find_network("kiln_unet").params);
    Model m = make_model("kiln_unet", params, {16, 16, 4, 8}, {"a", "b", "c", "d", "e", "f", "g", "h"});
    m.network->eval();
    return m;
  }();
  return made;
}

at::Tensor conditions(int64_t sprites) { return at::one_hot(at::arange(sprites).remainder(8), 8).to(at::kFloat); }

void step_of(Denoiser& denoiser, benchmark::State& state) {
  const int64_t sprites = state.range(0);
  const at::Tensor x = at::randn({sprites, 4, 16, 16});
  denoiser.begin({900.0, 500.0, 100.0}, conditions(sprites));
  for (auto _ : state) benchmark::DoNotOptimize(denoiser.evaluate(x, 1, true));
}

void plan_fp32(benchmark::State& state) {
  const auto denoiser = make_planned_denoiser(model(), {c10::kCPU, false, static_cast<int>(state.range(1))});
  if (denoiser) step_of(*denoiser, state);
}

void plan_bf16(benchmark::State& state) {
  const auto denoiser = make_planned_denoiser(model(), {c10::kCPU, true, static_cast<int>(state.range(1))});
  if (denoiser) step_of(*denoiser, state);
}

void eager_bf16(benchmark::State& state) { step_of(*make_eager_denoiser(model(), {c10::kCPU, true, 1}), state); }

void eager_fp32_two_calls(benchmark::State& state) {
  const at::NoGradGuard no_grad;
  const int64_t sprites = state.range(0);
  const at::Tensor x = at::randn({sprites, 4, 16, 16}), condition = conditions(sprites), t = at::full({sprites}, 0.5);
  for (auto _ : state) {
    benchmark::DoNotOptimize(model().network->forward(x, t, condition));
    benchmark::DoNotOptimize(model().network->forward(x, t, at::zeros_like(condition)));
  }
}

void make_plan(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(make_planned_denoiser(model(), {c10::kCPU, cpu_has_fast_bf16(), 2}));
}

BENCHMARK(plan_bf16)->ArgNames({"sprites", "threads"})->ArgsProduct({{1, 16, 64}, {1, 2}})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(plan_fp32)->ArgNames({"sprites", "threads"})->ArgsProduct({{1, 16}, {1, 2}})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(eager_bf16)->Arg(1)->Arg(16)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(eager_fp32_two_calls)->Arg(1)->Arg(16)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(make_plan)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
