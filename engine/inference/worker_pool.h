#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace kiln {

// Runs rounds of independent tasks on a few threads, made for rounds of milliseconds on a machine that others use too: tasks go to
// whoever is free, and the caller does again what another thread has begun but not finished, so that a core which is taken away
// holds up nothing. Its threads have the priority of the thread that made it.
class WorkerPool {
 public:
  // The tasks of one round. Two threads may compute the same task; each publishes at most once, the first one only.
  class Round {
   public:
    explicit Round(int tasks) : states_(static_cast<std::size_t>(tasks)) {}
    virtual ~Round() = default;

    int tasks() const { return static_cast<int>(states_.size()); }
    // Somebody has this task's result: computing it further is of no use.
    bool settled(int task) const { return states_[static_cast<std::size_t>(task)].load(std::memory_order_acquire) != kOpen; }

   protected:
    // Computes into memory of the worker's own. May return early once settled(task). The round must own all that it reads: a slow
    // thread can still be in here after the round has ended.
    virtual void compute(int task, int worker) = 0;
    // Copies the result to where the round wants it.
    virtual void publish(int task, int worker) = 0;

   private:
    friend class WorkerPool;
    enum State { kOpen, kWriting, kDone, kFailed };

    void attempt(int task, int worker);
    void take_all(int worker);
    void finish();  // on the caller's thread

    std::vector<std::atomic<int>> states_;
    std::atomic<int> next_{0};
    std::mutex failure_mutex_;
    std::exception_ptr failure_;  // of a publish
  };

  explicit WorkerPool(int workers);  // the caller of run() is worker 0
  ~WorkerPool();

  int workers() const { return static_cast<int>(threads_.size()) + 1; }

  // Returns when every task is published. Throws what a publish throws, and what a compute throws on the caller's thread, which
  // computes again what failed on another. The pool then no longer holds the round, and can run the next.
  void run(const std::shared_ptr<Round>& round);

 private:
  void show(std::shared_ptr<Round> round);
  void serve(const std::stop_token& stop, int worker);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::shared_ptr<Round> round_;  // the newest
  long generation_ = 0;           // of round_
  std::vector<std::jthread> threads_;
};

}  // namespace kiln
