#include "app/state/pixel_mask.h"

#include <algorithm>
#include <cstdlib>

namespace kiln {
namespace {

bool same_colour(const std::uint8_t* a, const std::uint8_t* b) {
  if (a[3] == 0 || b[3] == 0) return a[3] == b[3];
  return std::equal(a, a + 4, b);
}

}  // namespace

PixelMask::PixelMask(int width, int height)
    : width_(width), height_(height), marks_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0) {}

bool PixelMask::marked(int x, int y) const { return x >= 0 && y >= 0 && x < width_ && y < height_ && marks_[place(x, y)] != 0; }

int PixelMask::count() const { return static_cast<int>(std::count(marks_.begin(), marks_.end(), 1)); }

void PixelMask::clear() { std::fill(marks_.begin(), marks_.end(), std::uint8_t{0}); }

void PixelMask::paint(int x, int y, int size, bool mark) {
  const int first_x = x - (size - 1) / 2, first_y = y - (size - 1) / 2;
  paint_rectangle(first_x, first_y, first_x + size - 1, first_y + size - 1, mark);
}

void PixelMask::paint_line(int x0, int y0, int x1, int y1, int size, bool mark) {
  const int steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1});
  for (int i = 0; i <= steps; ++i) paint(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps, size, mark);
}

void PixelMask::paint_rectangle(int x0, int y0, int x1, int y1, bool mark) {
  const int left = std::max(0, std::min(x0, x1)), right = std::min(width_ - 1, std::max(x0, x1));
  const int top = std::max(0, std::min(y0, y1)), bottom = std::min(height_ - 1, std::max(y0, y1));
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) marks_[place(x, y)] = mark;
  }
}

void PixelMask::paint_colour(const Image& sprite, int x, int y, bool mark) {
  if (sprite.width != width_ || sprite.height != height_ || x < 0 || y < 0 || x >= width_ || y >= height_) return;
  const std::uint8_t* const wanted = sprite.pixel(x, y);
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if (same_colour(&sprite.rgba[4 * i], wanted)) marks_[i] = mark;
  }
}

Image PixelMask::image() const {
  Image image(width_, height_);
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if (marks_[i] != 0) std::fill_n(&image.rgba[4 * i], 4, std::uint8_t{255});
  }
  return image;
}

}  // namespace kiln
