#include "engine/benchmark/processes.h"

#include <sys/types.h>
#include <sys/wait.h>

#include <csignal>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/launch.h"

namespace kiln {
namespace {

struct Launched {
  std::vector<pid_t> ids;
  std::shared_ptr<ProcessGroup> group;

  ~Launched() {
    const bool met = group != nullptr;
    group.reset();
    for (const pid_t id : ids) {
      if (!met) ::kill(id, SIGKILL);
      ::waitpid(id, nullptr, 0);
    }
  }
};

}  // namespace

std::shared_ptr<ProcessGroup> launch_bench_processes(int count, const std::string& model) {
  std::vector<std::string> arguments = {"spritekiln", "bench", "--processes", std::to_string(count)};
  if (!model.empty()) arguments.insert(arguments.end(), {"--model", model});
  const auto launched = std::make_shared<Launched>();
  const int port = free_port();
  for (int rank = 1; rank < count; ++rank) launched->ids.push_back(start_program(arguments, environment_of(rank, count, port)));
  launched->group = join_process_group({0, count, 0, count, "127.0.0.1", port, false, 0}, {.timeout = kBenchTimeout});
  return {launched, launched->group.get()};
}

}  // namespace kiln
