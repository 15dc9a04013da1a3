#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/base/error.h"
#include "engine/pixelart/eyes.h"
#include "engine/pixelart/motion.h"
#include "engine/pixelart/recolour.h"

namespace kiln {
namespace {

// The next darker shade of the same ramp, or the colour itself.
Rgb8 darker(const Image& sprite, const Rgb8& colour) {
  for (const std::vector<Rgb8>& ramp : ramps(visible_colours({sprite}))) {
    const auto found = std::find(ramp.begin(), ramp.end(), colour);
    if (found != ramp.end() && found != ramp.begin()) return *(found - 1);
  }
  return colour;
}

// So many rows from the top have the colour around the eye; where all are hidden, the lowest of several is the lid's edge.
void hide_rows(Image& image, const Eye& eye, double part, const Rgb8& skin, const Rgb8& edge) {
  const int rows = eye.bottom - eye.top + 1, hidden = static_cast<int>(std::floor(part * rows + 0.5));
  for (const PixelPoint& at : eye.pixels) {
    if (at.y - eye.top >= hidden) continue;
    const Rgb8& colour = hidden == rows && rows > 1 && at.y == eye.bottom ? edge : skin;
    set_pixel(image, at, {colour.r, colour.g, colour.b, 255});
  }
}

Image blink(const Image& sprite, double phase, const ParamMap&) {
  const auto eyes = find_eyes(sprite);
  if (!eyes)
    throw Failure(ErrorCode::kUnsupported,
                  "no eyes were found: two small alike spots, side by side in the upper part of the sprite",
                  "choose another motion, or draw the closed eyes in the pixel editor");
  const double closed = std::max(0.0, -std::cos(2 * std::numbers::pi * phase) - 1e-9);
  const Rgb8 edge = darker(sprite, eyes->skin);
  Image shown = sprite;
  for (const Eye* eye : {&eyes->left, &eyes->right}) hide_rows(shown, *eye, closed, eyes->skin, edge);
  return shown;
}

}  // namespace

Motion blink_motion() {
  return {.id = "blink",
          .label = "Blink",
          .help = "The eyes, two alike spots in the upper part, close and open in the colour around them",
          .params = {},
          .swings = true,
          .at = blink};
}

}  // namespace kiln
