#pragma once

#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace kiln {

// The newest value per key; what is not fetched in time is overwritten.
template <class Key, class T>
class Mailbox {
 public:
  void put(const Key& key, T value) {
    std::lock_guard lock(mutex_);
    newest_.insert_or_assign(key, std::move(value));
  }

  // What was not fetched under `key` never will be.
  void drop(const Key& key) {
    std::lock_guard lock(mutex_);
    newest_.erase(key);
  }

  std::vector<T> take_all() {
    std::map<Key, T> taken;
    {
      std::lock_guard lock(mutex_);
      taken.swap(newest_);
    }
    std::vector<T> values;
    values.reserve(taken.size());
    for (auto& [key, value] : taken) values.push_back(std::move(value));
    return values;
  }

 private:
  std::mutex mutex_;
  std::map<Key, T> newest_;
};

}  // namespace kiln
