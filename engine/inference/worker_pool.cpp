#include "engine/inference/worker_pool.h"

#include <utility>

namespace kiln {

void WorkerPool::Round::attempt(int task, int worker) {
  if (settled(task)) return;
  compute(task, worker);
  auto& state = states_[static_cast<std::size_t>(task)];
  int open = kOpen;
  if (!state.compare_exchange_strong(open, kWriting, std::memory_order_acq_rel)) return;
  try {
    publish(task, worker);
    state.store(kDone, std::memory_order_release);
  } catch (...) {
    {
      const std::lock_guard lock(failure_mutex_);
      failure_ = std::current_exception();
    }
    state.store(kFailed, std::memory_order_release);
  }
}

void WorkerPool::Round::take_all(int worker) {
  for (int task; (task = next_.fetch_add(1, std::memory_order_relaxed)) < tasks();) attempt(task, worker);
}

void WorkerPool::Round::finish() {
  try {
    take_all(0);
    for (int task = 0; task < tasks(); ++task) {
      attempt(task, 0);
      int state;
      while ((state = states_[static_cast<std::size_t>(task)].load(std::memory_order_acquire)) == kWriting)
        std::this_thread::yield();
      if (state != kFailed) continue;
      const std::lock_guard lock(failure_mutex_);
      std::rethrow_exception(failure_);
    }
  } catch (...) {
    next_.store(tasks(), std::memory_order_relaxed);  // nobody begins another task
    throw;
  }
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
  if (threads_.empty() || round->tasks() <= 1) return round->finish();
  show(round);
  wake_.notify_all();
  try {
    round->finish();
  } catch (...) {
    show(nullptr);
    throw;
  }
  show(nullptr);
}

// To threads that look for work.
void WorkerPool::show(std::shared_ptr<Round> round) {
  const std::lock_guard lock(mutex_);
  if (round) ++generation_;
  round_.swap(round);
}

}  // namespace kiln
