#include "engine/session/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

ChildProcess::ChildProcess(const std::vector<std::string>& arguments) {
  std::vector<char*> plain;
  for (const auto& argument : arguments) plain.push_back(const_cast<char*>(argument.c_str()));
  plain.push_back(nullptr);
  int ends[2];
  int error = ::pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
  if (error == 0) {
    pipe_ = ends[0];
    ::fcntl(pipe_, F_SETFL, O_NONBLOCK);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawnattr_t attributes;  // a process group of its own
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    error = posix_spawnp(&pid_, plain[0], &actions, &attributes, plain.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (error != 0) ::close(pipe_);
  }
  if (error != 0)
    throw Failure(ErrorCode::kInternal, "“" + arguments[0] + "” could not be started", "install it", std::strerror(error));
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    ::kill(-pid_, SIGTERM);
    for (int i = 0; i < 25 && !poll(); ++i) {
    }
  }
  if (pid_ > 0) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(pipe_);
}

std::optional<int> ChildProcess::poll() {
  constexpr int kWait_ms = 20;
  if (pid_ < 0) return 0;
  pollfd waiting{pipe_, POLLIN, 0};
  const bool closed = ::poll(&waiting, 1, kWait_ms) > 0 && (waiting.revents & POLLIN) == 0;
  if (closed) ::usleep(kWait_ms * 1000);  // it said its last word and has not ended yet
  int status = 0;
  const bool ended = ::waitpid(pid_, &status, WNOHANG) == pid_;
  std::array<char, 4096> part;
  for (ssize_t got = 0; (got = ::read(pipe_, part.data(), part.size())) > 0;)
    output_.append(part.data(), static_cast<std::size_t>(got));
  if (!ended) return std::nullopt;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

std::vector<std::string> ChildProcess::take_lines() {
  std::vector<std::string> lines = split(output_, '\n');
  output_ = lines.empty() ? "" : lines.back();  // what has no end yet
  if (!lines.empty()) lines.pop_back();
  return lines;
}

}  // namespace kiln
