#pragma once

#include <functional>
#include <thread>

#include "engine/runtime/queue.h"

namespace kiln {

// A thread that does what it is given, one task after the other.
class TaskThread {
 public:
  // begin: called first, on the thread itself.
  explicit TaskThread(std::function<void()> begin);

  // `task` must not throw. Those that have not begun when this is destroyed never do; the one that has is waited for.
  void run(std::function<void()> task) { tasks_.push(std::move(task)); }

 private:
  Queue<std::function<void()>> tasks_;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace kiln
