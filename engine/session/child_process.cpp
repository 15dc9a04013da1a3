#include "engine/session/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr int kWait_ms = 20;
constexpr std::size_t kMostOutput = std::size_t{1} << 20;
constexpr int kNoSuchProgram = 127;

[[noreturn]] void fail(const char* what) {
  throw Failure(ErrorCode::kInternal, "another program could not be started", "try again",
                std::string(what) + ": " + std::strerror(errno));
}

// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, char* const* environment, const char* folder, int output) {
  ::setpgid(0, 0);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (::chdir(folder) == 0) ::execvpe(arguments[0], arguments, environment);
  ::_exit(kNoSuchProgram);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& folder) {
  std::vector<char*> plain;
  for (const auto& argument : arguments) plain.push_back(const_cast<char*>(argument.c_str()));
  plain.push_back(nullptr);
  static char language[] = "LC_ALL=C";
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (std::strncmp(*entry, "LC_ALL=", 7) != 0) environment.push_back(*entry);
  }
  environment.push_back(language);
  environment.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
  pid_ = ::fork();
  if (pid_ == 0) become(plain.data(), environment.data(), folder.c_str(), ends[1]);
  ::close(ends[1]);
  pipe_ = ends[0];
  if (pid_ < 0) {
    ::close(pipe_);
    fail("fork");
  }
  ::setpgid(pid_, pid_);
  ::fcntl(pipe_, F_SETFL, O_NONBLOCK);
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

void ChildProcess::take_output() {
  std::array<char, 4096> part;
  for (ssize_t got = 0; (got = ::read(pipe_, part.data(), part.size())) > 0;) {
    output_.append(part.data(), static_cast<std::size_t>(got));
    if (output_.size() > kMostOutput) output_.erase(0, output_.size() - kMostOutput);
  }
}

std::optional<int> ChildProcess::poll() {
  if (pid_ < 0) return 0;
  pollfd waiting{pipe_, POLLIN, 0};
  const bool closed = ::poll(&waiting, 1, kWait_ms) > 0 && (waiting.revents & POLLIN) == 0;
  if (closed) ::usleep(kWait_ms * 1000);  // it said its last word and has not ended yet
  take_output();
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  take_output();
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace kiln
