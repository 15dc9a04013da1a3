#include "engine/pixelart/starter/shape.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kiln::starter {
namespace {

float dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
float length(Point a) { return std::sqrt(dot(a, a)); }

}  // namespace

Shape ellipse(Point centre, float rx, float ry) {
  return [=](Point p) {
    const Point scaled{(p.x - centre.x) / rx, (p.y - centre.y) / ry};
    return (length(scaled) - 1) * std::min(rx, ry);
  };
}

Shape capsule(Point a, Point b, float ra, float rb) {
  return [=](Point p) {
    const Point axis = b - a;
    const float t = std::clamp(dot(p - a, axis) / std::max(dot(axis, axis), 1e-6f), 0.0f, 1.0f);
    return length(p - a - t * axis) - (ra + t * (rb - ra));
  };
}

Shape box(Point centre, float half_width, float half_height, float rounding) {
  return [=](Point p) {
    const float x = std::abs(p.x - centre.x) - half_width + rounding, y = std::abs(p.y - centre.y) - half_height + rounding;
    return length({std::max(x, 0.0f), std::max(y, 0.0f)}) + std::min(std::max(x, y), 0.0f) - rounding;
  };
}

Shape polygon(std::vector<Point> corners) {
  return [corners = std::move(corners)](Point p) {
    float nearest = 1e9f;
    bool inside = false;
    for (std::size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
      const Point a = corners[j], b = corners[i], edge = b - a;
      const float t = std::clamp(dot(p - a, edge) / std::max(dot(edge, edge), 1e-6f), 0.0f, 1.0f);
      nearest = std::min(nearest, length(p - a - t * edge));
      if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * edge.x) inside = !inside;
    }
    return inside ? -nearest : nearest;
  };
}

Shape ring(Point centre, float rx, float ry, float thickness) {
  return without(ellipse(centre, rx, ry), ellipse(centre, rx - thickness, ry - thickness));
}

Shape joined(Shape a, Shape b) {
  return [a = std::move(a), b = std::move(b)](Point p) { return std::min(a(p), b(p)); };
}

Shape common(Shape a, Shape b) {
  return [a = std::move(a), b = std::move(b)](Point p) { return std::max(a(p), b(p)); };
}

Shape without(Shape a, Shape b) {
  return [a = std::move(a), b = std::move(b)](Point p) { return std::max(a(p), -b(p)); };
}

Shape grown(Shape a, float by) {
  return [a = std::move(a), by](Point p) { return a(p) - by; };
}

Shape above(float y) {
  return [y](Point p) { return p.y - y; };
}

Shape below(float y) {
  return [y](Point p) { return y - p.y; };
}

}  // namespace kiln::starter
