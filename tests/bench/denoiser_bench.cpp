// One guided step of the default network at 16×16: the plan against the network itself in bf16 (one call), a plain fp32 program
// (planar, two calls a step) and the convolutions alone. One training step's gradients likewise.
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include "engine/base/cpu.h"
#include "engine/benchmark/baseline.h"
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
  denoiser.begin({900.0, 500.0, 100.0}, conditions(sprites), at::zeros_like(conditions(sprites)));
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

void plain_fp32(benchmark::State& state) { step_of(*make_baseline_denoiser(model()), state); }

void convolutions(benchmark::State& state) {
  const auto run = convolutions_only(model(), state.range(1) != 0, 2 * static_cast<int>(state.range(0)), false);
  for (auto _ : state) run();
}

void training(benchmark::State& state, bool plain, bool bf16) {
  Network& network = *model().network;
  network.train();
  network.set_compute_type(bf16 ? at::kBFloat16 : at::kFloat);
  const int64_t sprites = state.range(0);
  const at::Tensor x = at::randn({sprites, 4, 16, 16}), t = at::rand({sprites}), condition = conditions(sprites);
  for (auto _ : state) {
    network.zero_grad();
    const at::Tensor y = plain ? baseline_forward(network, x, t, condition) : network.forward(x, t, condition);
    (y - x).square().mean().backward();
  }
  network.eval();
  network.set_compute_type(at::kFloat);
  state.counters["images/s"] = benchmark::Counter(static_cast<double>(state.iterations() * sprites), benchmark::Counter::kIsRate);
}

void training_plain_fp32(benchmark::State& state) { training(state, true, false); }
void training_bf16(benchmark::State& state) { training(state, false, true); }

void training_convolutions_bf16(benchmark::State& state) {
  const auto run = convolutions_only(model(), true, static_cast<int>(state.range(0)), true);
  for (auto _ : state) run();
}

void make_plan(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(make_planned_denoiser(model(), {c10::kCPU, cpu_has_fast_bf16(), 2}));
}

BENCHMARK(plan_bf16)
    ->ArgNames({"sprites", "threads"})
    ->ArgsProduct({{1, 16, 64}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(plan_fp32)
    ->ArgNames({"sprites", "threads"})
    ->ArgsProduct({{1, 16}, {1, 2}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(eager_bf16)->Arg(1)->Arg(16)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(plain_fp32)->Arg(1)->Arg(16)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(convolutions)
    ->ArgNames({"sprites", "bf16"})
    ->ArgsProduct({{1, 16}, {0, 1}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(training_plain_fp32)->Arg(32)->Unit(benchmark::kMillisecond);
BENCHMARK(training_bf16)->Arg(32)->Unit(benchmark::kMillisecond);
BENCHMARK(training_convolutions_bf16)->Arg(32)->Unit(benchmark::kMillisecond);
BENCHMARK(make_plan)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
