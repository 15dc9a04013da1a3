#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <utility>
#include <vector>

namespace kiln {

// Lossless, first in first out, any number of threads on either side. Contents are swapped out under the lock and used outside it.
template <class T>
class Queue {
 public:
  void push(T item) {
    {
      std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    filled_.notify_one();
  }

  std::vector<T> take_all() {
    std::vector<T> taken;
    std::lock_guard lock(mutex_);
    taken.swap(items_);
    return taken;
  }

  // Waits until there is something or `stop` is requested; then as take_all.
  std::vector<T> wait_and_take_all(std::stop_token stop) {
    std::vector<T> taken;
    std::unique_lock lock(mutex_);
    filled_.wait(lock, stop, [this] { return !items_.empty(); });
    taken.swap(items_);
    return taken;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any filled_;
  std::vector<T> items_;
};

}  // namespace kiln
