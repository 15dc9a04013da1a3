#include "engine/base/rect.h"

#include <algorithm>

namespace kiln {

Image cut_out(const Image& image, const Rect& rect) {
  Image part(rect.width, rect.height);
  paste(part, image, -rect.x, -rect.y);
  return part;
}

void paste(Image& target, const Image& source, int x, int y) {
  const int left = std::max(0, x), right = std::min(target.width, x + source.width);
  if (left >= right) return;
  const int lower = std::min(target.height, y + source.height);
  for (int row = std::max(0, y); row < lower; ++row) {
    const std::uint8_t* from = source.pixel(left - x, row - y);
    std::copy_n(from, static_cast<std::size_t>(right - left) * 4, target.pixel(left, row));
  }
}

}  // namespace kiln
