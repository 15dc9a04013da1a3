#include "app/cli/train_processes.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/launch.h"

namespace kiln {
namespace {

constexpr int kMostProcesses = 64;

bool has_value(const char* variable, const char* value) {
  const char* const text = std::getenv(variable);
  return text != nullptr && std::strcmp(text, value) == 0;
}

// Of this process, without “--processes N”.
std::vector<std::string> command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> arguments;
  for (std::size_t first = 0; first < all.size(); first = all.find('\0', first) + 1) arguments.emplace_back(all.c_str() + first);
  constexpr std::string_view kOption = "--processes";
  for (auto argument = arguments.begin(); argument != arguments.end();) {
    if (*argument == kOption && argument + 1 != arguments.end()) {
      argument = arguments.erase(argument, argument + 2);
    } else if (argument->starts_with(std::string(kOption) + "=")) {
      argument = arguments.erase(argument);
    } else {
      ++argument;
    }
  }
  return arguments;
}

std::array<std::atomic<pid_t>, kMostProcesses> g_processes;

void pass_on(int signal) {
  for (const auto& process : g_processes) {
    if (const pid_t id = process; id > 0) ::kill(id, signal);
  }
}

// Waits until all have ended; the ranks of those that failed, in the order of failing. When one has, the others see it by
// themselves and keep what they have; who does not end then, as one that still waits for the others, is ended.
std::vector<int> wait_for_all(int count) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds kByThemselves{15}, kWhenAsked{5};
  std::vector<int> failed;
  Clock::time_point end;
  int asked = 0;  // how often
  for (int left = count; left > 0;) {
    int status = 0;
    const pid_t id = ::waitpid(-1, &status, failed.empty() ? 0 : WNOHANG);
    const auto process = std::find(g_processes.begin(), g_processes.end(), id);
    if (id > 0 && process != g_processes.end()) {
      *process = 0;
      --left;
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
      if (failed.empty()) end = Clock::now() + kByThemselves;
      failed.push_back(static_cast<int>(process - g_processes.begin()));
      continue;
    }
    if (failed.empty()) continue;  // a signal has come between
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (Clock::now() < end) continue;
    pass_on(asked++ == 0 ? SIGTERM : SIGKILL);
    end = Clock::now() + kWhenAsked;
  }
  return failed;
}

}  // namespace

bool is_launched() { return std::getenv("WORLD_SIZE") != nullptr && std::getenv("RANK") != nullptr; }

bool is_rank_zero() { return !is_launched() || has_value("RANK", "0"); }

bool is_started_again() {
  const char* const count = std::getenv("TORCHELASTIC_RESTART_COUNT");
  return is_launched() && count != nullptr && std::strcmp(count, "0") != 0;
}

void run_processes(int count) {
  if (count > kMostProcesses)
    throw Failure(ErrorCode::kInvalidArgument, std::to_string(count) + " processes are too many for one machine",
                  "give at most " + std::to_string(kMostProcesses) + "; torchrun starts them on several");
  const int port = free_port();
  const auto arguments = command_line();
  struct sigaction action {};
  action.sa_handler = pass_on;
  ::sigaction(SIGTERM, &action, nullptr);
  try {
    for (int rank = 0; rank < count; ++rank)
      g_processes[static_cast<std::size_t>(rank)] = start_program(arguments, environment_of(rank, count, port));
  } catch (const Failure&) {
    pass_on(SIGKILL);  // those that would wait for it
    throw;
  }
  std::signal(SIGINT, SIG_IGN);  // it reaches the others by itself
  const std::vector<int> failed = wait_for_all(count);
  if (!failed.empty())
    throw Failure(ErrorCode::kInternal, "the training has ended because process " + std::to_string(failed.front()) + " failed",
                  "what it says above tells why, if it was not killed; --resume goes on from the last checkpoint");
}

}  // namespace kiln
