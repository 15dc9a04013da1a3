#include "engine/runtime/thread_check.h"

#include <cstdio>
#include <cstdlib>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace kiln {

void ThreadCheck::check(const char* what) {
  const std::thread::id caller = std::this_thread::get_id();
  std::thread::id owner = owner_.load(std::memory_order_relaxed);
  if (owner == caller) return;
  if (owner == std::thread::id{} && owner_.compare_exchange_strong(owner, caller, std::memory_order_relaxed)) return;
  std::fprintf(stderr, "error: %s was used from a thread that it does not belong to\n", what);
  std::abort();
}

void lower_thread_priority() {
#ifdef __linux__
  // On Linux the nice value belongs to the thread; a refusal only costs smoothness.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
#endif
}

}  // namespace kiln
