#include "engine/base/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/open_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

class FileSource : public ByteSource {
 public:
  explicit FileSource(const fs::path& path) : path_(path), file_(open_regular(path)) {}

  std::uint64_t size() const override { return file_.size; }

  void read(std::uint64_t offset, std::span<std::uint8_t> target) const override {
    while (!target.empty()) {
      const ssize_t got =
          ::pread(file_.descriptor.get(), target.data(), std::min(target.size(), std::size_t{1} << 30), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) refuse_reading(path_, errno);
      if (got == 0) throw Failure(ErrorCode::kCorrupt, quoted(path_) + " ends too early", "copy or download the file again");
      target = target.subspan(static_cast<std::size_t>(got));
      offset += static_cast<std::uint64_t>(got);
    }
  }

 private:
  fs::path path_;
  OpenFile file_;
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(Bytes bytes) : bytes_(std::move(bytes)) {}

  std::uint64_t size() const override { return bytes_.size(); }

  void read(std::uint64_t offset, std::span<std::uint8_t> target) const override {
    if (offset > bytes_.size() || target.size() > bytes_.size() - offset) {
      throw Failure(ErrorCode::kCorrupt, "the file ends too early", "copy or download the file again");
    }
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), target.size(), target.begin());
  }

 private:
  Bytes bytes_;
};

}  // namespace

Bytes ByteSource::part(std::uint64_t offset, std::uint64_t part_size) const {
  if (offset > size() || part_size > size() - offset)
    throw Failure(ErrorCode::kCorrupt, "the file ends too early", "copy or download the file again");
  Bytes bytes(static_cast<std::size_t>(part_size));
  read(offset, bytes);
  return bytes;
}

std::shared_ptr<const ByteSource> open_source(const fs::path& path) { return std::make_shared<FileSource>(path); }

std::shared_ptr<const ByteSource> memory_source(Bytes bytes) { return std::make_shared<MemorySource>(std::move(bytes)); }

}  // namespace kiln
