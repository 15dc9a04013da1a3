#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"
#include "engine/base/rect.h"

namespace kiln {

struct PixelPoint {
  int x = 0, y = 0;
  friend auto operator<=>(const PixelPoint&, const PixelPoint&) = default;
};

// Along which middle lines of the image what is drawn is drawn again.
struct Mirroring {
  bool left_right = false, top_bottom = false;
  friend bool operator==(const Mirroring&, const Mirroring&) = default;
};

bool contains(const Image& image, PixelPoint at);
Rgba8 pixel_at(const Image& image, PixelPoint at);                // transparent outside
void set_pixel(Image& image, PixelPoint at, const Rgba8& pixel);  // outside, nothing

// The pixels of a line, both ends included, one for each step along the longer side (Bresenham 1965); halfway between two it is the
// one nearer to `to`'s side.
std::vector<PixelPoint> line_pixels(PixelPoint from, PixelPoint to);

// The rectangle with these two opposite corners.
Rect rect_of(PixelPoint corner, PixelPoint other);

// The pixels of a rectangle, or only those of its border.
std::vector<PixelPoint> rectangle_pixels(const Rect& rect, bool filled);

// The pixels that are connected to `from`, side to side, through pixels of exactly its value; none if it is outside.
std::vector<PixelPoint> connected_pixels(const Image& image, PixelPoint from);

// `points` and their mirror images in an image of this size.
std::vector<PixelPoint> mirrored(std::vector<PixelPoint> points, int width, int height, const Mirroring& mirroring);

// Sets these pixels of the image, and their mirror images.
void paint(Image& image, const std::vector<PixelPoint>& points, const Rgba8& pixel, const Mirroring& mirroring = {});

// Sets connected_pixels() of `from` and of its mirror images.
void flood_fill(Image& image, PixelPoint from, const Rgba8& pixel, const Mirroring& mirroring = {});

// Every pixel of the value `from` becomes `to`; how many there were.
int replace_colour(Image& image, const Rgba8& from, const Rgba8& to);

}  // namespace kiln
