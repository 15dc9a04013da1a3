#include "engine/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/base/byte_source.h"
#include "engine/base/error.h"

namespace kiln {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const auto size = static_cast<std::size_t>(open_source(path)->size());  // refuses what is no regular file
  if (size == 0) return;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int opened = errno;
  void* data = file < 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  const int error = file < 0 ? opened : errno;
  if (file >= 0) ::close(file);
  if (data == MAP_FAILED)
    throw Failure(ErrorCode::kUnreadable, "“" + path.string() + "” cannot be mapped into memory: " + std::strerror(error),
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
