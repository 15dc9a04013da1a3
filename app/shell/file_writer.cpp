#include "app/shell/file_writer.h"

#include <utility>

#include "app/gl/window.h"
#include "engine/base/log.h"

namespace kiln {

FileWriter::FileWriter() : thread_([this](const std::stop_token& stop) { work(stop); }) {}

FileWriter::~FileWriter() {
  thread_.request_stop();
  thread_.join();
}

void FileWriter::put(std::function<void()> write) {
  {
    std::lock_guard lock(mutex_);
    wanted_ = std::move(write);
  }
  changed_.notify_one();
}

std::optional<Error> FileWriter::take_problem() {
  std::lock_guard lock(mutex_);
  return std::exchange(problem_, {});
}

void FileWriter::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return wanted_ != nullptr; })) {
    const std::function<void()> write = std::exchange(wanted_, nullptr);
    lock.unlock();
    std::optional<Error> problem;
    try {
      write();
    } catch (const Failure& failure) {
      problem = failure.error();
    }
    if (problem) log_warn(problem->message + ": " + problem->detail);
    lock.lock();
    if (!problem) continue;
    problem_ = std::move(problem);
    if (!stop.stop_requested()) Window::wake();
  }
}

}  // namespace kiln
