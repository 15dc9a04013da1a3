#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "app/shell/window.h"
#include "app/state/mirror.h"
#include "engine/base/error.h"

namespace kiln {

// Brings engine and mirror together. The engine is opened on a thread of its own, so that the window need not wait for it.
class EngineLink {
 public:
  explicit EngineLink(EngineOpener open) : open_(std::move(open)) {}
  ~EngineLink();  // ends the engine and its threads
  EngineLink(const EngineLink&) = delete;
  EngineLink& operator=(const EngineLink&) = delete;

  // The first call begins to open the engine. While its libraries load, none of the window's can, OpenGL's driver for one: so call
  // it once something is on screen.
  void begin();

  enum class News { kNone, kPictures, kEvents };

  // Hands the engine what the mirror asks for; until it is there, that waits.
  void send(Mirror& mirror);
  // Hands the mirror what came since the last call.
  News receive(Mirror& mirror);

 private:
  void open_in_background();
  bool take_opened(Mirror& mirror);

  EngineOpener open_;
  std::mutex mutex_;
  std::optional<Result<std::unique_ptr<Engine>>> opened_;  // guarded by mutex_
  std::unique_ptr<Engine> engine_;                         // the window's thread
  std::jthread opener_;
};

}  // namespace kiln
