#pragma once

#include <functional>
#include <memory>

#include "engine/api/engine.h"

namespace kiln {

// Runs one job after another on an engine of its own, for the command line. It is opened when it is first asked for something;
// that throws as open_engine.
class EngineRunner {
 public:
  EngineRunner();
  ~EngineRunner();

  const Catalog& catalog();
  JobId next_id() { return {++last_id_}; }

  struct Watch {
    std::function<void(const Event&)> event;  // every event of the job but its end
    std::function<void(const Progress&)> progress;
  };
  // Sends the command and waits for the job's end. Ctrl-C asks it to keep what is there; a second one ends the program.
  // Throws Failure if the job fails.
  Outcome run(JobId job, Command command, const Watch& watch = {});

 private:
  void open();

  struct Signal;  // wakes this thread from the engine's
  std::unique_ptr<Signal> signal_;
  std::unique_ptr<Engine> engine_;
  Catalog catalog_;
  std::uint64_t last_id_ = 0;
};

}  // namespace kiln
