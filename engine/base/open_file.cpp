#include "engine/base/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <system_error>

#include "engine/base/error.h"

namespace kiln {

namespace fs = std::filesystem;

std::string quoted(const fs::path& path) { return "“" + path.string() + "”"; }

void refuse_reading(const fs::path& path, int error) {
  const std::string reason = std::generic_category().message(error);
  if (error == ENOENT || error == ENOTDIR) {
    throw Failure(ErrorCode::kNotFound, "there is no file " + quoted(path), "check the path", reason);
  }
  throw Failure(ErrorCode::kUnreadable, quoted(path) + " cannot be read: " + reason, "check that you may read this file", reason);
}

int open_file(const fs::path& path, int flags, mode_t mode) {
  for (;;) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    if (fd >= 0 || errno != EINTR) return fd;
  }
}

OpenFile open_regular(const fs::path& path) {
  OpenFile file{
      Descriptor(open_file(path, O_RDONLY | O_NONBLOCK))};  // non-blocking: a pipe must not hold us up before it is refused
  const int fd = file.descriptor.get();
  if (!file.descriptor.open()) refuse_reading(path, errno);
  struct stat info {};
  if (::fstat(fd, &info) != 0) refuse_reading(path, errno);
  if (S_ISDIR(info.st_mode)) {
    throw Failure(ErrorCode::kUnreadable, quoted(path) + " is a folder, not a file", "name a file in it");
  }
  if (!S_ISREG(info.st_mode)) throw Failure(ErrorCode::kUnreadable, quoted(path) + " is not a regular file", "name a regular file");
  file.size = static_cast<std::uint64_t>(info.st_size);
  return file;
}

}  // namespace kiln
