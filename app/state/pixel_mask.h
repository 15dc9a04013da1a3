#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/image.h"

namespace kiln {

// Marked pixels of a sprite.
class PixelMask {
 public:
  PixelMask() = default;
  PixelMask(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  bool marked(int x, int y) const;
  int count() const;

  void clear();
  // A square of `size` pixels around a pixel; what lies outside is left out.
  void paint(int x, int y, int size, bool mark);
  // The same along the way from one pixel to another, so that a fast stroke has no gaps.
  void paint_line(int x0, int y0, int x1, int y1, int size, bool mark);
  // Between two corners, both included.
  void paint_rectangle(int x0, int y0, int x1, int y1, bool mark);
  // All pixels that have the colour of this one; those that cannot be seen are one colour.
  void paint_colour(const Image& sprite, int x, int y, bool mark);

  // White where it is marked, transparent elsewhere.
  Image image() const;

 private:
  std::size_t place(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
  }

  int width_ = 0, height_ = 0;
  std::vector<std::uint8_t> marks_;
};

}  // namespace kiln
