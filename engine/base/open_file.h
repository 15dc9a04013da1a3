#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace kiln {

// A file that the system has open, closed with this.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { close_now(); }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  // Zero, or the error with which the system reports a failed write late.
  int close_now() {
    const int fd = std::exchange(fd_, -1);
    return fd >= 0 && ::close(fd) != 0 ? errno : 0;
  }

 private:
  int fd_;
};

// The system's number for it, or below 0 with errno set. `flags` and `mode` as of open(2); closed on exec.
int open_file(const std::filesystem::path& path, int flags, mode_t mode = 0);

// The file, open for reading, and its size. Only regular files are opened.
struct OpenFile {
  Descriptor descriptor;
  std::uint64_t size = 0;
};

// Throws Failure: kNotFound, kUnreadable (a folder, a pipe, no permission).
OpenFile open_regular(const std::filesystem::path& path);

// Throws Failure for what the system refused (errno): kNotFound, kUnreadable.
[[noreturn]] void refuse_reading(const std::filesystem::path& path, int error);

// As sentences name it.
std::string quoted(const std::filesystem::path& path);

}  // namespace kiln
