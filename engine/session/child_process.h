#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kiln {

// Another program, looked after in small steps. It ends with this object, and all that it started with it.
class ChildProcess {
 public:
  // arguments[0] is looked for on the PATH. What it says on stdout and stderr is kept. Throws Failure(kInternal).
  ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& folder);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  // Waits a few hundredths of a second at most. Its exit status once it has ended; 127 if there is no such program.
  std::optional<int> poll();
  const std::string& output() const { return output_; }

 private:
  void take_output();

  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string output_;
};

}  // namespace kiln
