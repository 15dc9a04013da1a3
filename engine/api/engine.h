#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/api/command.h"
#include "engine/api/event.h"

namespace kiln {

// The engine as the program sees it: commands down, events up, and for what is only worth having fresh, the newest alone.
// Every call is safe from any thread and returns at once. Destroying it cancels what runs and joins its threads.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual void send(Command command) = 0;

  // All events since the last call, in order.
  virtual std::vector<Event> take_events() = 0;
  // The newest progress of each job that moved since the last call.
  virtual std::vector<Progress> take_progress() = 0;
  // The newest frame of each job that made one since the last call.
  virtual std::vector<Frame> take_frames() = 0;
};

struct EngineOptions {
  // Called from the engine's threads, with no lock held, whenever one of the three above has something new.
  std::function<void()> wake;
  // For the window: compute threads run at lower priority, so that it goes before them.
  bool background = false;
};

// Opens the engine module (a shared library beside the program, or at SPRITEKILN_ENGINE) and starts its thread. Takes LibTorch's
// loading time; call it off the window's thread. Throws Failure (kNotFound, kInternal) if the module cannot be opened.
std::unique_ptr<Engine> open_engine(const EngineOptions& options);

}  // namespace kiln
