#include "engine/runtime/thread_priority.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace kiln {

void set_thread_niceness([[maybe_unused]] int niceness) {
#ifdef __linux__
  // On Linux the nice value belongs to the thread; a refusal only costs smoothness.
  const auto thread = static_cast<id_t>(::gettid());
  if (niceness > ::getpriority(PRIO_PROCESS, thread)) (void)::setpriority(PRIO_PROCESS, thread, niceness);
#endif
}

}  // namespace kiln
