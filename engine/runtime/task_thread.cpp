#include "engine/runtime/task_thread.h"

#include <utility>

namespace kiln {

TaskThread::TaskThread(std::function<void()> begin)
    : thread_([this, begin = std::move(begin)](const std::stop_token& stop) {
        begin();
        while (!stop.stop_requested()) {
          for (auto& task : tasks_.wait_and_take_all(stop)) {
            if (!stop.stop_requested()) task();
          }
        }
      }) {}

}  // namespace kiln
