#include "app/shell/settings_writer.h"

#include <utility>

#include "app/gl/window.h"
#include "engine/base/log.h"

namespace kiln {

SettingsWriter::SettingsWriter(std::filesystem::path file)
    : file_(std::move(file)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

SettingsWriter::~SettingsWriter() {
  thread_.request_stop();
  thread_.join();
}

void SettingsWriter::put(Settings settings) {
  {
    std::lock_guard lock(mutex_);
    wanted_ = std::move(settings);
  }
  changed_.notify_one();
}

std::optional<Error> SettingsWriter::take_problem() {
  std::lock_guard lock(mutex_);
  return std::exchange(problem_, {});
}

void SettingsWriter::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return wanted_.has_value(); })) {
    const Settings settings = std::move(*std::exchange(wanted_, {}));
    lock.unlock();
    std::optional<Error> problem;
    try {
      save_settings(file_, settings);
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
