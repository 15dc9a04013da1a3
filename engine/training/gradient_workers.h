#pragma once

#include <ATen/core/Tensor.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/network/network.h"
#include "engine/training/flat_parameters.h"
#include "engine/training/objective.h"

namespace kiln {

// Computes a gradient on several cores: each has its own copy of the network, on the same weights, and takes its own rows of every
// batch, one compute thread each. Which core takes what is fixed, so results do not depend on timing.
class GradientWorkers {
 public:
  // make: a fresh network of the model's kind. values: the flat weights that all copies share. The first runs on the caller's thread.
  GradientWorkers(const std::function<std::shared_ptr<Network>()>& make, const at::Tensor& values, int count);
  ~GradientWorkers();

  int count() const { return static_cast<int>(workers_.size()); }

  // Adds the gradient of objective.loss_sum over `example` (cut into one part a worker) to the workers' gradients; returns the
  // loss summed over sprites. dropout_seed and first_row, the place in the whole batch of the example's first sprite, decide which
  // activations are dropped.
  double accumulate(const Objective& objective, const Example& example, std::uint64_t dropout_seed, std::int64_t first_row = 0);
  // The loss alone, in evaluation mode.
  double evaluate(const Objective& objective, const Example& example);

  // The sum of all gradients since the last call; the workers' own become zero. [P]
  at::Tensor take_gradient();

 private:
  struct Worker {
    std::shared_ptr<Network> network;
    std::unique_ptr<FlatParameters> parameters;
    std::exception_ptr failure;
    double loss = 0;
  };

  // Calls `work` for every worker, each on its own thread.
  void on_all(const std::function<void(Worker&, int index)>& work);
  void serve(std::stop_token stop, int index);

  std::vector<Worker> workers_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  const std::function<void(Worker&, int)>* work_ = nullptr;
  std::uint64_t round_ = 0;
  int running_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace kiln
