#pragma once

#include <functional>
#include <vector>

namespace kiln::starter {

// Shapes live on a square of 16 × 16 units, y downwards, whatever the sprite's size in pixels.
struct Point {
  float x = 0, y = 0;
};

inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(float s, Point a) { return {s * a.x, s * a.y}; }

// The signed distance of a point from a shape's edge, negative inside (for ellipses an estimate).
using Shape = std::function<float(Point)>;

Shape ellipse(Point centre, float rx, float ry);
// From `a` with radius `ra` to `b` with radius `rb`, both ends round.
Shape capsule(Point a, Point b, float ra, float rb);
Shape box(Point centre, float half_width, float half_height, float rounding = 0);
Shape polygon(std::vector<Point> corners);
Shape ring(Point centre, float rx, float ry, float thickness);

Shape joined(Shape a, Shape b);
Shape common(Shape a, Shape b);
Shape without(Shape a, Shape b);
Shape grown(Shape a, float by);  // smaller, where `by` is negative
Shape above(float y);
Shape below(float y);

}  // namespace kiln::starter
