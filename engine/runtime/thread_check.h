#pragma once

#include <atomic>
#include <thread>

namespace kiln {

// Ties an object to the first thread that uses it; using it from another thread ends the program with a message (in every build:
// the check costs a load).
class ThreadCheck {
 public:
  void check(const char* what);
  // The next thread to use it becomes the owner.
  void release() { owner_.store({}, std::memory_order_relaxed); }

 private:
  std::atomic<std::thread::id> owner_;
};

// Lowers the calling thread's priority (nice 19 where the system has it), so that the window's thread goes before it.
void lower_thread_priority();

}  // namespace kiln
