#pragma once

#include <ATen/core/Tensor.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "engine/device/device_stream.h"
#include "engine/network/network.h"
#include "engine/training/flat_parameters.h"
#include "engine/training/gradient_buckets.h"
#include "engine/training/objective.h"
#include "engine/training/recorded_gradient.h"

namespace kiln {

// Computes a gradient on several cores: each has its own copy of the network, on the same weights, and takes its own rows of every
// batch, one compute thread each. Which core takes what is fixed, so results do not depend on timing.
//
// Networks with running statistics (BatchNorm) normalise each forward pass by the rows in it, so there the caller says where a
// batch is cut, by the batch alone and not by the number of cores. The statistics of a step are the mean over its passes, weighted
// by their rows, and go into the running ones once a step: sums in another order are all that another number of cores changes.
//
// What a core throws comes out of the call; gradients and statistics are zero then, and the step may begin again, unless parts of
// it have been handed out.
class GradientWorkers {
 public:
  // make: a fresh network of the model's kind. values: the flat weights that all copies share. The first runs on the caller's
  // thread. Where make_stream gives a stream to their device, passes over as many rows are recorded, and repeated.
  GradientWorkers(const std::function<std::shared_ptr<Network>()>& make, const at::Tensor& values, int count,
                  const MakeStream& make_stream = make_cuda_stream);
  ~GradientWorkers();

  int count() const { return static_cast<int>(workers_.size()); }

  // From now on each step's gradient is handed out in buckets [n], contiguous and each once, in the order of GradientBuckets, by
  // one thread at a time: on the CPU during the last accumulate() of a step, as soon as no worker adds to them any more, those left
  // by take_gradient(), whose tensor they are parts of. Those who take them may write to them.
  using HandOut = std::function<void(const at::Tensor& bucket)>;
  void hand_out(HandOut hand_out, std::int64_t bucket_bytes = kBucketBytes);

  // Adds the gradient of objective.loss_sum over `example` to the workers' gradients; returns the loss summed over sprites, a
  // scalar in double precision on the weights' device, which is not waited for.
  // dropout_seed and first_row, the place in the whole batch of the example's first sprite, decide which activations are dropped.
  // cuts: worker i takes the rows from cuts[i] to cuts[i + 1], those without an end nothing; without cuts all take about as many.
  // last: nothing is added any more before take_gradient().
  at::Tensor accumulate(const Objective& objective, const Example& example, std::uint64_t dropout_seed, std::int64_t first_row = 0,
                        std::span<const std::int64_t> cuts = {}, bool last = false);
  // Calls `work` for as many about equal parts of 0 … size as there are workers, all at once, each on a worker's thread.
  void in_parts(std::int64_t size, const std::function<void(std::int64_t first, std::int64_t count)>& work);
  // What the network gives, in evaluation mode and without a gradient. [B, O, H, W]
  at::Tensor answer(const at::Tensor& x_t, const at::Tensor& t, const at::Tensor& condition);
  // The losses alone, in evaluation mode. [B] double
  at::Tensor evaluate(const Objective& objective, const Example& example);

  // The sum of all gradients since the last call; the workers' own become zero. [P]
  at::Tensor take_gradient();
  // The same for what forward passes made of buffers that were zero, times their rows. [Q]; for BatchNorm the momentum times the
  // pass's mean and variance.
  at::Tensor take_statistics();
  // Of a step that was begun, nothing is left.
  void forget();
  // The buffers [Q] to evaluate with.
  void set_buffers(const at::Tensor& buffers);

 private:
  struct Worker {
    std::shared_ptr<Network> network;
    std::unique_ptr<FlatParameters> parameters;
    at::Tensor statistics;  // [Q]
    at::Tensor losses;      // of its rows, by evaluate
    at::Tensor answers;     // to its rows, by answer
    std::exception_ptr failure;
    at::Tensor loss;  // of its rows, by accumulate
  };

  // Calls `work` for every worker, each on its own thread. Throws what the first of them threw, once all have come back.
  void on_all(const std::function<void(Worker&, int index)>& work);
  void serve(const std::stop_token& stop, int index);
  void pass(Worker& worker, const Objective& objective, const Example& example, std::uint64_t dropout_seed, std::int64_t first_row);
  // The gradient that `sum` has of the first worker becomes that of all there, from `first` to `first + count`.
  void add_others(const at::Tensor& sum, std::int64_t first, std::int64_t count);

  std::vector<Worker> workers_;
  std::unique_ptr<RecordedGradient> recorded_;  // of the first, which is the only one then; or none
  std::unique_ptr<GradientBuckets> buckets_;    // where the gradient is handed out
  bool while_passing_ = false;                  // buckets are handed out before a pass back is over
  at::Tensor handed_out_;                       // the gradient that they are parts of
  std::mutex mutex_;
  std::condition_variable_any changed_;
  const std::function<void(Worker&, int)>* work_ = nullptr;
  std::uint64_t round_ = 0;
  int running_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace kiln
