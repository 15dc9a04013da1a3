#include "engine/base/mapped_file.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "engine/base/error.h"
#include "engine/base/open_file.h"

namespace kiln {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const OpenFile file = open_regular(path);
  const auto size = static_cast<std::size_t>(file.size);
  if (size == 0) return;
  void* data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.descriptor.get(), 0);
  if (data == MAP_FAILED)
    throw Failure(ErrorCode::kUnreadable, quoted(path) + " cannot be mapped into memory: " + std::strerror(errno),
                  "copy it to a local disk");
  data_ = static_cast<const std::uint8_t*>(data);
  size_ = size;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}

void MappedFile::release() const {
  if (data_ != nullptr) ::madvise(const_cast<std::uint8_t*>(data_), size_, MADV_DONTNEED);
}

}  // namespace kiln
