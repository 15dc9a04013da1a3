#include "engine/pixelart/crop.h"

#include <algorithm>
#include <string>

#include "engine/base/error.h"

namespace kiln {

Rect content_rect(const Image& image) {
  int left = image.width, right = -1, upper = image.height, lower = -1;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (image.pixel(x, y)[3] == 0) continue;
      left = std::min(left, x), right = std::max(right, x);
      upper = std::min(upper, y), lower = std::max(lower, y);
    }
  }
  return right < 0 ? Rect{} : Rect{left, upper, right - left + 1, lower - upper + 1};
}

Rect joined(const Rect& a, const Rect& b) {
  if (a.width == 0 || b.width == 0) return a.width == 0 ? b : a;
  const int x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

Image cropped_to_content(const Image& image) {
  const Rect rect = content_rect(image);
  return rect.width == 0 ? Image(1, 1) : cut_out(image, rect);
}

Image padded_to(const Image& image, int width, int height) {
  if (image.width > width || image.height > height) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "an image of " + std::to_string(image.width) + "×" + std::to_string(image.height) + " pixels does not fit into " +
                      std::to_string(width) + "×" + std::to_string(height),
                  "crop it to its content or choose a larger size");
  }
  Image padded(width, height);
  paste(padded, image, (width - image.width) / 2, (height - image.height) / 2);
  return padded;
}

}  // namespace kiln
