#include "engine/training/gradient_workers.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <utility>

#include "engine/network/blocks/dropout.h"
#include "engine/training/flat_buffers.h"

namespace kiln {
namespace {

// The first row that worker `index` of `count` takes, and how many.
std::pair<std::int64_t, std::int64_t> rows_of(std::int64_t batch, int index, int count, std::span<const std::int64_t> cuts = {}) {
  if (!cuts.empty()) {
    const auto place = static_cast<std::size_t>(index);
    if (place + 1 >= cuts.size()) return {0, 0};
    return {cuts[place], cuts[place + 1] - cuts[place]};
  }
  const std::int64_t first = batch * index / count;
  return {first, batch * (index + 1) / count - first};
}

}  // namespace

GradientWorkers::GradientWorkers(const std::function<std::shared_ptr<Network>()>& make, const at::Tensor& values, int count,
                                 const MakeStream& make_stream) {
  at::set_num_threads(1);
  for (int i = 0; i < count; ++i) {
    auto& worker = workers_.emplace_back();
    worker.network = make();
    worker.network->to(values.device());
    worker.parameters = std::make_unique<FlatParameters>(*worker.network, values);
    worker.statistics = at::zeros_like(read_buffers(*worker.network));
  }
  const bool has_statistics = workers_.front().statistics.numel() > 0;  // whose passes are cut as the caller says
  if (auto stream = count == 1 && !has_statistics ? make_stream(values.device()) : nullptr)
    recorded_ = std::make_unique<RecordedGradient>(std::move(stream));
  for (int i = 1; i < count; ++i) threads_.emplace_back([this, i](const std::stop_token& stop) { serve(stop, i); });
}

GradientWorkers::~GradientWorkers() {
  for (auto& thread : threads_) thread.request_stop();
}

void GradientWorkers::serve(const std::stop_token& stop, int index) {
  at::set_num_threads(1);
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return round_ != seen; })) {
    seen = round_;
    const auto* work = work_;
    lock.unlock();
    (*work)(workers_[static_cast<std::size_t>(index)], index);
    lock.lock();
    if (--running_ == 0) changed_.notify_all();
  }
}

void GradientWorkers::on_all(const std::function<void(Worker&, int)>& work) {
  const std::function<void(Worker&, int)> guarded = [&](Worker& worker, int index) {
    try {
      work(worker, index);
    } catch (...) {
      worker.failure = std::current_exception();
    }
  };
  {
    std::lock_guard lock(mutex_);
    work_ = &guarded;
    running_ = count() - 1;
    ++round_;
  }
  changed_.notify_all();
  guarded(workers_[0], 0);
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return running_ == 0; });
    work_ = nullptr;
  }
  std::exception_ptr first;
  for (auto& worker : workers_) {
    if (auto failure = std::exchange(worker.failure, nullptr); failure && !first) first = failure;
  }
  if (!first) return;
  forget();
  std::rethrow_exception(first);
}

void GradientWorkers::forget() {
  const at::NoGradGuard no_grad;
  for (auto& worker : workers_) {
    worker.loss = worker.losses = worker.answers = at::Tensor();
    worker.parameters->gradients().zero_();
    worker.statistics.zero_();
  }
  handed_out_ = at::Tensor();
  if (buckets_) buckets_->reset();
}

void GradientWorkers::hand_out(HandOut hand_out, std::int64_t bucket_bytes) {
  const auto give = [this, hand_out = std::move(hand_out)](std::int64_t first, std::int64_t count) {
    const at::NoGradGuard no_grad;
    add_others(handed_out_, first, count);
    hand_out(handed_out_.narrow(0, first, count));
  };
  const FlatParameters& parameters = *workers_[0].parameters;
  buckets_ = std::make_unique<GradientBuckets>(parameters.sizes(), bucket_bytes / parameters.values().element_size(), give);
  // What is recorded calls nothing when it is repeated, and a GPU is told of a pass long before it has done it.
  while_passing_ = !recorded_ && parameters.values().is_cpu();
  for (int i = 0; while_passing_ && i < count(); ++i)
    workers_[static_cast<std::size_t>(i)].parameters->on_gradient(
        [this, i](std::size_t parameter) { buckets_->found(i, parameter); });
}

at::Tensor GradientWorkers::accumulate(const Objective& objective, const Example& example, std::uint64_t dropout_seed,
                                       std::int64_t first_row, std::span<const std::int64_t> cuts, bool last) {
  const bool handing_out = last && while_passing_;
  if (handing_out) {
    handed_out_ = workers_[0].parameters->gradients();
    buckets_->begin(count());
  }
  on_all([&](Worker& worker, int index) {
    const auto [first, rows] = rows_of(example.x_t.size(0), index, count(), cuts);
    if (rows > 0) pass(worker, objective, example.rows(first, rows), dropout_seed, first_row + first);
    if (handing_out) buckets_->found_all(index);  // those that the network did not use, too
  });
  at::Tensor sum = at::zeros({}, example.x_t.options().dtype(at::kDouble));
  for (auto& worker : workers_) {
    if (const at::Tensor loss = std::exchange(worker.loss, {}); loss.defined()) sum += loss;
  }
  return sum;
}

void GradientWorkers::pass(Worker& worker, const Objective& objective, const Example& example, std::uint64_t dropout_seed,
                           std::int64_t first_row) {
  at::AutoGradMode with_gradient(true);
  worker.network->train();
  if (recorded_) {
    const DropoutPlace place{dropout_seed, static_cast<std::uint64_t>(first_row)};
    worker.loss = recorded_->accumulate(*worker.network, worker.parameters->gradients(), objective, example, place);
    if (worker.loss.defined()) return;
  }
  const bool has_statistics = worker.statistics.numel() > 0;
  if (has_statistics) write_buffers(*worker.network, at::zeros_like(worker.statistics));
  const DropoutSeed dropout(dropout_seed, static_cast<std::uint64_t>(first_row));
  const at::Tensor loss = objective.loss_sum(*worker.network, example);
  loss.backward();
  worker.loss = loss.detach().to(at::kDouble);
  if (has_statistics) worker.statistics.add_(read_buffers(*worker.network), static_cast<double>(example.x_t.size(0)));
}

void GradientWorkers::in_parts(std::int64_t size, const std::function<void(std::int64_t, std::int64_t)>& work) {
  on_all([&](Worker&, int index) {
    const auto [first, count_here] = rows_of(size, index, count());
    if (count_here > 0) work(first, count_here);
  });
}

at::Tensor GradientWorkers::answer(const at::Tensor& x_t, const at::Tensor& t, const at::Tensor& condition) {
  on_all([&](Worker& worker, int index) {
    const auto [first, rows] = rows_of(x_t.size(0), index, count());
    const at::NoGradGuard no_grad;
    worker.network->eval();
    if (rows > 0)
      worker.answers =
          worker.network->forward(x_t.narrow(0, first, rows), t.narrow(0, first, rows), condition.narrow(0, first, rows));
  });
  std::vector<at::Tensor> answers;
  for (auto& worker : workers_) {
    if (at::Tensor own = std::exchange(worker.answers, {}); own.defined()) answers.push_back(std::move(own));
  }
  return at::cat(answers);
}

at::Tensor GradientWorkers::evaluate(const Objective& objective, const Example& example) {
  on_all([&](Worker& worker, int index) {
    const auto [first, rows] = rows_of(example.x_t.size(0), index, count());
    at::NoGradGuard no_grad;
    worker.losses = at::zeros({0}, at::kDouble);
    if (rows == 0) return;
    worker.network->eval();
    worker.losses = objective.losses(*worker.network, example.rows(first, rows)).to(at::kCPU, at::kDouble);
  });
  std::vector<at::Tensor> losses;
  for (auto& worker : workers_) losses.push_back(std::exchange(worker.losses, {}));
  return at::cat(losses);
}

at::Tensor GradientWorkers::take_statistics() {
  at::Tensor sum = at::zeros_like(workers_[0].statistics);
  for (auto& worker : workers_) {
    sum.add_(worker.statistics);
    worker.statistics.zero_();
  }
  return sum;
}

void GradientWorkers::set_buffers(const at::Tensor& buffers) {
  for (auto& worker : workers_) write_buffers(*worker.network, buffers);
}

void GradientWorkers::add_others(const at::Tensor& sum, std::int64_t first, std::int64_t count) {
  const at::NoGradGuard no_grad;
  at::Tensor own = sum.narrow(0, first, count);
  for (std::size_t i = 1; i < workers_.size(); ++i) {
    const at::Tensor part = workers_[i].parameters->gradients().narrow(0, first, count);
    own.add_(part);
    part.zero_();
  }
}

at::Tensor GradientWorkers::take_gradient() {
  at::NoGradGuard no_grad;
  FlatParameters& first_parameters = *workers_[0].parameters;
  at::Tensor taken;
  if (recorded_) {  // what is recorded adds to the same memory each time
    taken = first_parameters.gradients().clone();
    first_parameters.gradients().zero_();
  } else {
    taken = first_parameters.take_gradients();
  }
  if (buckets_) {
    handed_out_ = taken;
    buckets_->finish();
    handed_out_ = at::Tensor();
  } else {
    in_parts(count() > 1 ? taken.numel() : 0, [&](std::int64_t first, std::int64_t size) { add_others(taken, first, size); });
  }
  return taken;
}

}  // namespace kiln
