#include "engine/data/pixel_store.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr std::size_t kBlockSize = std::size_t{64} << 20;

std::string folder_of_files() {
  const char* chosen = std::getenv("TMPDIR");
  std::error_code error;
  if (chosen != nullptr && std::filesystem::is_directory(chosen, error)) return chosen;
  return std::filesystem::is_directory("/var/tmp", error) ? "/var/tmp" : std::filesystem::temp_directory_path(error).string();
}

[[noreturn]] void refuse(const std::string& folder, int error) {
  if (error == ENOSPC || error == EDQUOT)
    throw Failure(ErrorCode::kDiskFull, "the disk is full: there is no room in “" + folder + "” for the sprites",
                  "make room, or name another folder in TMPDIR");
  throw Failure(ErrorCode::kUnwritable, "no temporary file can be made in “" + folder + "”: " + std::strerror(error),
                "name another folder in TMPDIR");
}

// Without a name from the start, or from now on.
int open_nameless(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  std::string name = folder + "/spritekiln-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

// A mapped file whose room is there on the disk, so that writing into it cannot fail.
class PixelStore::Block {
 public:
  explicit Block(std::size_t size) : size_(size) {
    const std::string folder = folder_of_files();
    const int file = open_nameless(folder);
    if (file < 0) refuse(folder, errno);
    int error = ::posix_fallocate(file, 0, static_cast<off_t>(size));
    void* data = error == 0 ? ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
    if (error == 0 && data == MAP_FAILED) error = errno;
    ::close(file);
    if (error != 0) refuse(folder, error);
    data_ = static_cast<std::uint8_t*>(data);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { ::munmap(data_, size_); }

  std::uint8_t* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_;
};

void PixelStore::keep(Image& image) {
  const PixelBytes& pixels = std::as_const(image).rgba;
  if (pixels.is_shared() || pixels.empty()) return;
  if (pixels.size() <= left_) {
    left_ -= pixels.size();
    return;
  }
  left_ = 0;
  if (!block_ || block_->size() - used_ < pixels.size()) {
    block_ = std::make_shared<Block>(std::max(kBlockSize, pixels.size()));
    used_ = 0;
  }
  std::uint8_t* place = block_->data() + used_;
  std::copy(pixels.begin(), pixels.end(), place);
  const std::size_t size = pixels.size();
  used_ += size;
  image.rgba = PixelBytes({place, size}, block_);
}

}  // namespace kiln
