#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/base/image.h"

namespace kiln {

// Takes the pixels of many images out of memory: what is beyond `in_memory` bytes goes into temporary files, which the system reads
// again where it is looked at. The files have no name, lie in $TMPDIR or /var/tmp, and go with the last of their images.
class PixelStore {
 public:
  static constexpr std::size_t kInMemory = std::size_t{256} << 20;

  explicit PixelStore(std::size_t in_memory = kInMemory) : left_(in_memory) {}

  // An image that lies in shared memory stays there. Throws Failure: kUnwritable, kDiskFull.
  void keep(Image& image);

 private:
  class Block;

  std::size_t left_;  // bytes that may yet stay in memory
  std::shared_ptr<Block> block_;
  std::size_t used_ = 0;  // of it
};

}  // namespace kiln
