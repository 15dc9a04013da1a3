#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace kiln {

// Another program, looked after in small steps. It ends with this object, and all that it started with it.
class ChildProcess {
 public:
  // arguments[0] is looked for on the PATH. Throws Failure(kInternal).
  explicit ChildProcess(const std::vector<std::string>& arguments);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  // Waits a few hundredths of a second at most. Its exit status once it has ended; 128 if a signal ended it.
  std::optional<int> poll();
  // The lines that it wrote on stdout and stderr since the last call.
  std::vector<std::string> take_lines();

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string output_;
};

}  // namespace kiln
