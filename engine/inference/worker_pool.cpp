#include "engine/inference/worker_pool.h"

#include <algorithm>

namespace kiln {

void WorkerPool::Round::attempt(int task, int worker) {
  if (settled(task)) return;
  compute(task, worker);
  auto& state = states_[static_cast<std::size_t>(task)];
  int open = kOpen;
  if (!state.compare_exchange_strong(open, kWriting, std::memory_order_acq_rel)) return;
  publish(task, worker);
  state.store(kDone, std::memory_order_release);
}

void WorkerPool::Round::take_all(int worker) {
  for (int task; (task = next_.fetch_add(1, std::memory_order_relaxed)) < tasks();) attempt(task, worker);
}

WorkerPool::WorkerPool(int workers) {
  for (int worker = 1; worker < workers; ++worker) {
    threads_.emplace_back([this, worker](const std::stop_token& stop) { serve(stop, worker); });
  }
}

WorkerPool::~WorkerPool() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

void WorkerPool::serve(const std::stop_token& stop, int worker) {
  long seen = 0;
  while (true) {
    std::shared_ptr<Round> round;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [&] { return generation_ != seen; })) return;
      seen = generation_;
      round = round_;
    }
    try {
      if (round) round->take_all(worker);
    } catch (...) {
      // The task stays open; the caller computes it again and meets the same error where it can be reported.
    }
  }
}

void WorkerPool::run(const std::shared_ptr<Round>& round) {
  const bool shared = !threads_.empty() && round->tasks() > 1;
  if (shared) {
    const std::lock_guard lock(mutex_);
    round_ = round;
    ++generation_;
  }
  if (shared) wake_.notify_all();
  round->take_all(0);
  for (int task = 0; task < round->tasks(); ++task) round->attempt(task, 0);
  for (auto& state : round->states_) {
    while (state.load(std::memory_order_acquire) != Round::kDone) std::this_thread::yield();
  }
  if (shared) {
    const std::lock_guard lock(mutex_);
    round_.reset();
  }
}

}  // namespace kiln
