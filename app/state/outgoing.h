#pragma once

#include <utility>
#include <vector>

#include "engine/api/command.h"

namespace kiln {

// Commands on their way to the engine, and the ids of the jobs that they start.
class Outgoing {
 public:
  JobId next_job() { return {++last_job_}; }
  void send(Command command) { commands_.push_back(std::move(command)); }

  // Since the last call, in order.
  std::vector<Command> take() { return std::exchange(commands_, {}); }

 private:
  std::vector<Command> commands_;
  std::uint64_t last_job_ = 0;
};

}  // namespace kiln
