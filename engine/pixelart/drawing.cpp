#include "engine/pixelart/drawing.h"

#include <algorithm>
#include <cstdlib>

namespace kiln {

bool contains(const Image& image, PixelPoint at) { return at.x >= 0 && at.y >= 0 && at.x < image.width && at.y < image.height; }

Rgba8 pixel_at(const Image& image, PixelPoint at) {
  if (!contains(image, at)) return kTransparent;
  const std::uint8_t* p = image.pixel(at.x, at.y);
  return p[3] == 0 ? kTransparent : Rgba8{p[0], p[1], p[2], p[3]};
}

void set_pixel(Image& image, PixelPoint at, const Rgba8& pixel) {
  if (!contains(image, at)) return;
  const Rgba8 value = pixel.a == 0 ? kTransparent : pixel;
  std::uint8_t* p = image.pixel(at.x, at.y);
  p[0] = value.r, p[1] = value.g, p[2] = value.b, p[3] = value.a;
}

std::vector<PixelPoint> line_pixels(PixelPoint from, PixelPoint to) {
  const int dx = std::abs(to.x - from.x), dy = std::abs(to.y - from.y);
  const int step_x = to.x < from.x ? -1 : 1, step_y = to.y < from.y ? -1 : 1;
  const bool wide = dx >= dy;
  const int length = wide ? dx : dy, across = wide ? dy : dx;
  std::vector<PixelPoint> points;
  points.reserve(static_cast<std::size_t>(length) + 1);
  int error = length;  // of the place across the line, in 1 / (2 * length) pixels
  for (int i = 0; i <= length; ++i) {
    points.push_back(from);
    error += 2 * across;
    const bool steps_aside = error >= 2 * length && length > 0;
    if (steps_aside) error -= 2 * length;
    if (wide || steps_aside) from.x += step_x;
    if (!wide || steps_aside) from.y += step_y;
  }
  return points;
}

Rect rect_of(PixelPoint corner, PixelPoint other) {
  return {std::min(corner.x, other.x), std::min(corner.y, other.y), std::abs(corner.x - other.x) + 1,
          std::abs(corner.y - other.y) + 1};
}

std::vector<PixelPoint> rectangle_pixels(const Rect& rect, bool filled) {
  std::vector<PixelPoint> points;
  const int right = rect.x + rect.width - 1, lower = rect.y + rect.height - 1;
  for (int y = rect.y; y <= lower; ++y) {
    for (int x = rect.x; x <= right; ++x) {
      if (filled || x == rect.x || x == right || y == rect.y || y == lower) points.push_back({x, y});
    }
  }
  return points;
}

std::vector<PixelPoint> connected_pixels(const Image& image, PixelPoint from) {
  std::vector<PixelPoint> found;
  if (!contains(image, from)) return found;
  const Rgba8 value = pixel_at(image, from);
  const auto place = [&](PixelPoint p) {
    return static_cast<std::size_t>(p.y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(p.x);
  };
  std::vector<bool> seen(image.rgba.size() / 4);
  const auto visit = [&](PixelPoint p) {
    if (!contains(image, p) || seen[place(p)] || pixel_at(image, p) != value) return;
    seen[place(p)] = true;
    found.push_back(p);
  };
  visit(from);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto [x, y] = found[i];
    visit({x - 1, y});
    visit({x + 1, y});
    visit({x, y - 1});
    visit({x, y + 1});
  }
  return found;
}

std::vector<PixelPoint> mirrored(std::vector<PixelPoint> points, int width, int height, const Mirroring& mirroring) {
  const auto add = [&](auto image_of) {
    const std::size_t count = points.size();
    for (std::size_t i = 0; i < count; ++i) points.push_back(image_of(points[i]));
  };
  if (mirroring.left_right) add([&](PixelPoint p) { return PixelPoint{width - 1 - p.x, p.y}; });
  if (mirroring.top_bottom) add([&](PixelPoint p) { return PixelPoint{p.x, height - 1 - p.y}; });
  return points;
}

void paint(Image& image, const std::vector<PixelPoint>& points, const Rgba8& pixel, const Mirroring& mirroring) {
  for (const PixelPoint& at : mirrored(points, image.width, image.height, mirroring)) set_pixel(image, at, pixel);
}

void flood_fill(Image& image, PixelPoint from, const Rgba8& pixel, const Mirroring& mirroring) {
  std::vector<PixelPoint> all;  // found before any is set
  for (const PixelPoint& start : mirrored({from}, image.width, image.height, mirroring)) {
    const std::vector<PixelPoint> region = connected_pixels(image, start);
    all.insert(all.end(), region.begin(), region.end());
  }
  paint(image, all, pixel);
}

int replace_colour(Image& image, const Rgba8& from, const Rgba8& to) {
  int replaced = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (pixel_at(image, {x, y}) != from) continue;
      set_pixel(image, {x, y}, to);
      ++replaced;
    }
  }
  return replaced;
}

}  // namespace kiln
