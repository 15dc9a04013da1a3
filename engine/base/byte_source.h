#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "engine/base/file.h"

namespace kiln {

// Bytes that are read where they are wanted, so that a large file costs no more memory than what is taken from it.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  virtual std::uint64_t size() const = 0;
  // Fills `target` with the bytes from `offset` on. Throws Failure: kUnreadable, kCorrupt (they end before).
  virtual void read(std::uint64_t offset, std::span<std::uint8_t> target) const = 0;

  // `size` bytes from `offset` on. Nothing is allocated before they are known to be there. Throws as above.
  Bytes part(std::uint64_t offset, std::uint64_t size) const;
};

// A file, open as long as the source lives: renaming another one over it changes nothing. Throws Failure: kNotFound, kUnreadable (a
// folder, no permission).
std::shared_ptr<const ByteSource> open_source(const std::filesystem::path& path);

std::shared_ptr<const ByteSource> memory_source(Bytes bytes);

}  // namespace kiln
