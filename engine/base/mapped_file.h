#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace kiln {

// A file whose bytes the system reads when they are looked at, and forgets again when memory is short; programs that map the same
// file share them. It must not be made shorter meanwhile; another file may be renamed over it.
class MappedFile {
 public:
  // Throws Failure: kNotFound, kUnreadable.
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::uint8_t> bytes() const { return {data_, size_}; }
  // What was looked at is no memory of this process any more, until it is looked at again.
  void release() const;

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace kiln
