#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include "engine/session/job.h"

namespace kiln {

// A job that is done in one step, on a thread where it may take its time: first it reads and computes, then it writes and sends
// what came of that. In between it can still be abandoned.
class OneStepJob : public Job {
 public:
  using Finish = std::function<void()>;
  explicit OneStepJob(std::function<Finish()> work) : work_(std::move(work)) {}

  bool step() override {
    const Finish finish = work_();
    if (!decided_.exchange(true)) finish();
    return false;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  bool abandon() override { return !decided_.exchange(true); }
  JobThread thread() const override { return JobThread::kBlocking; }

 private:
  std::function<Finish()> work_;
  std::atomic<bool> decided_{false};  // whether it finishes or is abandoned
};

}  // namespace kiln
