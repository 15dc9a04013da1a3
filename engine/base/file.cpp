#include "engine/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <deque>
#include <optional>
#include <system_error>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/file_group.h"
#include "engine/base/open_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

[[noreturn]] void refuse_writing(const fs::path& path, int error) {
  if (error == ENOSPC || error == EDQUOT) {
    throw Failure(ErrorCode::kDiskFull, "no space is left to write " + quoted(path),
                  "free some disk space or choose another folder", reason(error));
  }
  if (error == EISDIR)
    throw Failure(ErrorCode::kUnwritable, quoted(path) + " is a folder", "give the name of a file in it", reason(error));
  if (error == ENAMETOOLONG)
    throw Failure(ErrorCode::kUnwritable, "the name " + quoted(path) + " is too long", "choose one of less than 250 letters",
                  reason(error));
  throw Failure(ErrorCode::kUnwritable, quoted(path) + " cannot be written: " + reason(error),
                "choose a folder that you may write to", reason(error));
}

// Zero or the error.
int write_all(int fd, const void* data, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(data);
  while (size > 0) {
    const ssize_t written = ::write(fd, at, std::min(size, std::size_t{1} << 30));
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    at += written;
    size -= static_cast<std::size_t>(written);
  }
  return 0;
}

// Zero or the error; what cannot be synced (a pipe, some network folders) is not an error.
int sync(int fd) {
  if (::fsync(fd) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP) return 0;
  return errno;
}

void sync_folder(const fs::path& folder) {
  const Descriptor fd(open_file(folder.empty() ? fs::path(".") : folder, O_RDONLY | O_DIRECTORY));
  if (!fd.open()) return;
  if (const int error = sync(fd.get())) refuse_writing(folder, error);
}

void make_parent(const fs::path& path) {
  if (!path.has_parent_path()) return;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error && !fs::is_directory(path.parent_path())) refuse_writing(path.parent_path(), error.value());
}

// Where the bytes go in the end: a link's target rather than the link.
fs::path destination_of(const fs::path& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return path;
  fs::path target = fs::weakly_canonical(path, error);
  return error ? path : target;
}

// A new file in the destination's folder that removes itself unless it was renamed.
class TemporaryFile {
 public:
  TemporaryFile(const fs::path& destination, mode_t mode) : destination_(destination), fd_(create(mode)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  void write(const void* data, std::size_t size) {
    if (const int error = write_all(fd_.get(), data, size)) refuse_writing(destination_, error);
    if (const int error = sync(fd_.get())) refuse_writing(destination_, error);
  }

  void rename_over_destination() {
    if (const int error = fd_.close_now()) refuse_writing(destination_, error);
    if (::rename(path_.c_str(), destination_.c_str()) != 0) refuse_writing(destination_, errno);
    path_.clear();
  }

  // Fails, and leaves what is there, if something has come to lie there.
  void rename_to_free_destination() {
    if (const int error = fd_.close_now()) refuse_writing(destination_, error);
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, destination_.c_str(), RENAME_NOREPLACE) == 0) {
      path_.clear();
      return;
    }
    if (errno == EEXIST) check_absent(destination_);
    if (errno != EINVAL && errno != ENOSYS) refuse_writing(destination_, errno);
    check_absent(destination_);  // a file system that knows no such renaming
    rename_over_destination();
  }

 private:
  int create(mode_t mode) {
    static std::atomic<unsigned> counter{0};
    for (;;) {
      path_ = destination_.parent_path() / (".kiln-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp");
      const int fd = open_file(path_, O_WRONLY | O_CREAT | O_EXCL, mode);
      if (fd >= 0) return fd;
      if (errno != EEXIST) {
        path_.clear();
        refuse_writing(destination_, errno);
      }
    }
  }

  fs::path destination_;
  fs::path path_;
  Descriptor fd_;
};

void write_bytes(const fs::path& path, const void* data, std::size_t size) {
  const fs::path destination = destination_of(path);
  make_parent(destination);
  struct stat info {};
  const bool exists = ::stat(destination.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) refuse_writing(path, EISDIR);
  if (exists && ::access(destination.c_str(), W_OK) != 0) refuse_writing(path, errno);
  if (exists && !S_ISREG(info.st_mode)) {  // a device or a pipe takes the bytes as they are
    Descriptor fd(open_file(destination, O_WRONLY));
    if (!fd.open()) refuse_writing(path, errno);
    if (const int error = write_all(fd.get(), data, size)) refuse_writing(path, error);
    return;
  }
  TemporaryFile file(destination, exists ? info.st_mode & 0777 : 0666);
  file.write(data, size);
  file.rename_over_destination();
  sync_folder(destination.parent_path());
}

// One file of a group on its way to its place, and back if another one fails.
class GroupMember {
 public:
  GroupMember(const NewFile& file, bool replace) : new_(file), destination_(destination_of(file.path)) {
    make_parent(destination_);
    struct stat info {};
    there_ = ::stat(destination_.c_str(), &info) == 0;
    if (there_ && S_ISDIR(info.st_mode)) refuse_writing(file.path, EISDIR);
    if (there_ && ::access(destination_.c_str(), W_OK) != 0) refuse_writing(file.path, errno);
    if (there_ && !S_ISREG(info.st_mode)) return;  // a device or a pipe takes the bytes as they are
    if (there_ && !replace) check_absent(file.path);
    file_.emplace(destination_, there_ ? info.st_mode & 0777 : 0666);
    file_->write(file.bytes.data(), file.bytes.size());
  }
  GroupMember(const GroupMember&) = delete;
  GroupMember& operator=(const GroupMember&) = delete;
  ~GroupMember() {
    if (!kept_.empty()) ::unlink(kept_.c_str());
  }

  void put_in_place() {
    if (!file_) return write_bytes(destination_, new_.bytes.data(), new_.bytes.size());
    if (!there_) {
      file_->rename_to_free_destination();
    } else {
      keep_what_was_there();
      file_->rename_over_destination();
    }
    in_place_ = true;
  }

  void take_back() {
    if (in_place_ && !there_) ::unlink(destination_.c_str());
    if (in_place_ && there_ && ::rename(kept_.c_str(), destination_.c_str()) == 0) kept_.clear();
  }

  fs::path folder() const { return destination_.parent_path(); }

 private:
  void keep_what_was_there() {
    static std::atomic<unsigned> counter{0};
    kept_ = destination_.parent_path() / (".kiln-" + std::to_string(::getpid()) + "-kept-" + std::to_string(counter++) + ".tmp");
    if (::link(destination_.c_str(), kept_.c_str()) == 0) return;
    std::error_code error;  // a file system without links
    fs::copy_file(destination_, kept_, error);
    if (error) refuse_writing(destination_, error.value());
  }

  const NewFile& new_;
  fs::path destination_, kept_;
  bool there_ = false, in_place_ = false;
  std::optional<TemporaryFile> file_;
};

template <class Container>
Container read_whole(const fs::path& path, std::size_t max_bytes) {
  const OpenFile file = open_regular(path);
  const Descriptor& fd = file.descriptor;
  const auto too_large = [&] {
    return Failure(ErrorCode::kUnsupported, quoted(path) + " is larger than " + std::to_string(max_bytes) + " bytes",
                   "check that this is the right file");
  };
  if (file.size > max_bytes) throw too_large();

  Container content;
  content.resize(static_cast<std::size_t>(file.size));
  std::size_t filled = 0;
  for (;;) {
    if (filled == content.size()) {  // full: ask for one more byte, in case the file grew
      std::uint8_t extra = 0;
      const ssize_t got = ::read(fd.get(), &extra, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) refuse_reading(path, errno);
      if (got == 0) return content;
      if (content.size() >= max_bytes) throw too_large();
      content.push_back(static_cast<typename Container::value_type>(extra));
      ++filled;
      continue;
    }
    const ssize_t got = ::read(fd.get(), content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse_reading(path, errno);
    if (got == 0) {
      content.resize(filled);
      return content;
    }
    filled += static_cast<std::size_t>(got);
  }
}

}  // namespace

Bytes read_file(const fs::path& path, std::size_t max_bytes) { return read_whole<Bytes>(path, max_bytes); }

std::string read_text(const fs::path& path, std::size_t max_bytes) { return read_whole<std::string>(path, max_bytes); }

void write_file(const fs::path& path, std::span<const std::uint8_t> bytes) { write_bytes(path, bytes.data(), bytes.size()); }

void write_file(const fs::path& path, std::string_view text) { write_bytes(path, text.data(), text.size()); }

void check_absent(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(path, error))) return;
  throw Failure(ErrorCode::kUnwritable, quoted(path) + " is there already", "choose another name, or say that it may be replaced");
}

void write_files(const std::vector<NewFile>& files, bool replace) {
  std::deque<GroupMember> members;
  for (const NewFile& file : files) members.emplace_back(file, replace);
  try {
    for (GroupMember& member : members) member.put_in_place();
  } catch (const Failure&) {
    for (GroupMember& member : members) member.take_back();
    throw;
  }
  for (const GroupMember& member : members) sync_folder(member.folder());
}

void check_writable(const fs::path& path) {
  const fs::path destination = destination_of(path);
  make_parent(destination);
  std::error_code error;
  if (fs::is_directory(destination, error)) refuse_writing(path, EISDIR);
  if (fs::exists(destination, error) && ::access(destination.c_str(), W_OK) != 0) refuse_writing(path, errno);
  const TemporaryFile file(destination, 0600);
}

void append_line(const fs::path& path, std::string_view line) {
  make_parent(path);
  const Descriptor fd(open_file(path, O_RDWR | O_APPEND | O_CREAT, 0666));
  if (!fd.open()) refuse_writing(path, errno);
  const off_t before = ::lseek(fd.get(), 0, SEEK_END);
  std::string text;
  char last = '\n';
  if (before > 0 && ::pread(fd.get(), &last, 1, before - 1) == 1 && last != '\n') text += '\n';  // the last writer was cut off
  text.append(line).append("\n");
  int error = write_all(fd.get(), text.data(), text.size());
  if (error && before >= 0 && ::ftruncate(fd.get(), before) != 0) error = errno;
  if (!error) error = sync(fd.get());
  if (error) refuse_writing(path, error);
  if (before == 0) sync_folder(path.parent_path());
}

}  // namespace kiln
