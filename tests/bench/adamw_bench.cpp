// One step of AdamW and of the averaged weights over a network of 4 million parameters: in one pass over flat vectors, against
// LibTorch's optimiser followed by an average.
#include <ATen/core/grad_mode.h>
#include <benchmark/benchmark.h>
#include <torch/optim/adamw.h>
#include <torch/types.h>

#include "engine/training/adamw.h"

namespace {

using namespace kiln;

constexpr int64_t kParameters = 4'000'000;

void one_pass(benchmark::State& state) {
  const at::Tensor gradient = torch::randn({kParameters}), mask = torch::ones({kParameters});
  at::Tensor weights = torch::randn({kParameters}), mean = torch::zeros({kParameters}), variance = torch::zeros({kParameters}),
             ema = weights.clone();
  std::int64_t step = 0;
  for (auto _ : state) adamw_ema_step({}, ++step, gradient, mask, weights, mean, variance, ema);
  state.SetItemsProcessed(state.iterations() * kParameters);
}

void libtorch(benchmark::State& state) {
  at::Tensor weights = torch::randn({kParameters}).requires_grad_(), ema = weights.detach().clone();
  weights.mutable_grad() = torch::randn({kParameters});
  torch::optim::AdamW optimiser(std::vector<at::Tensor>{weights}, torch::optim::AdamWOptions(1e-3));
  const at::NoGradGuard no_grad;
  for (auto _ : state) {
    optimiser.step();
    ema.lerp_(weights, 0.001);
  }
  state.SetItemsProcessed(state.iterations() * kParameters);
}

BENCHMARK(one_pass)->Unit(benchmark::kMillisecond);
BENCHMARK(libtorch)->Unit(benchmark::kMillisecond);

}  // namespace
