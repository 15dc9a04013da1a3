#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/base/error.h"

namespace kiln {

// Writes a file on a thread of its own, so that a slow disk does not hold up the window. The newest wins.
class FileWriter {
 public:
  FileWriter();
  ~FileWriter();  // what was put last is on disk
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  // `write` is called on that thread, unless something else is put before; it may throw Failure.
  void put(std::function<void()> write);
  // Why the last one could not be written, told once.
  std::optional<Error> take_problem();

 private:
  void work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::function<void()> wanted_;  // guarded by mutex_
  std::optional<Error> problem_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace kiln
