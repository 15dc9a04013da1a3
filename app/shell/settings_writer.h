#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "app/state/settings.h"

namespace kiln {

// Writes settings on a thread of its own, so that a slow disk does not hold up the window. The newest win.
class SettingsWriter {
 public:
  explicit SettingsWriter(std::filesystem::path file);
  ~SettingsWriter();  // what was put last is on disk
  SettingsWriter(const SettingsWriter&) = delete;
  SettingsWriter& operator=(const SettingsWriter&) = delete;

  void put(Settings settings);
  // Why the last ones could not be written, told once.
  std::optional<Error> take_problem();

 private:
  void work(const std::stop_token& stop);

  std::filesystem::path file_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Settings> wanted_;  // guarded by mutex_
  std::optional<Error> problem_;    // guarded by mutex_
  std::jthread thread_;
};

}  // namespace kiln
