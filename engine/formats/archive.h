#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/file.h"

namespace kiln {

// The files in a tar archive, packed or not (.tar, .tar.gz, .tar.xz …), one after another as they lie in it.
class ArchiveReader {
 public:
  // Throws Failure: kNotFound, kCorrupt.
  explicit ArchiveReader(const std::filesystem::path& path);
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;
  ~ArchiveReader();

  // The next entry's name, or none at the end. Throws Failure(kCorrupt).
  std::optional<std::string> next();
  // The bytes of that entry; empty unless it is a plain file. Throws Failure: kCorrupt, kUnsupported (larger than `max_bytes`).
  Bytes read(std::size_t max_bytes = std::size_t{16} << 20);

  std::int64_t bytes_read() const;  // of the archive, as it is packed
  std::int64_t bytes() const { return bytes_; }

 private:
  struct Handles;
  [[noreturn]] void refuse() const;

  std::string name_;
  std::int64_t bytes_ = 0;
  std::unique_ptr<Handles> handles_;
};

}  // namespace kiln
