#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/pixel_bytes.h"

namespace kiln {

// RGBA8 pixels, straight alpha, rows from top to bottom without padding.
struct Image {
  int width = 0;
  int height = 0;
  PixelBytes rgba;  // height * width * 4

  Image() = default;
  Image(int w, int h) : width(w), height(h), rgba(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 4, 0) {}

  std::uint8_t* pixel(int x, int y) { return rgba.data() + offset(x, y); }
  const std::uint8_t* pixel(int x, int y) const { return rgba.data() + offset(x, y); }
  bool empty() const { return rgba.empty(); }

  friend bool operator==(const Image&, const Image&) = default;

 private:
  std::size_t offset(int x, int y) const {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)) * 4;
  }
};

}  // namespace kiln
