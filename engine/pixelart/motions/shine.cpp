#include <algorithm>

#include "engine/base/error.h"
#include "engine/pixelart/motion.h"
#include "engine/pixelart/oklab.h"
#include "engine/pixelart/recolour.h"

namespace kiln {
namespace {

constexpr float kMostStep = 0.25f;  // of OKLab lightness; what is further away is no next shade, but another part of the sprite

// Each colour's next lighter one on its ramp; the lightest of each has none.
ColourMap lighter_colours(const Image& sprite) {
  ColourMap lighter;
  for (const std::vector<Rgb8>& ramp : ramps(visible_colours({sprite}))) {
    for (std::size_t i = 0; i + 1 < ramp.size(); ++i) {
      if (to_oklab(ramp[i + 1]).l - to_oklab(ramp[i]).l <= kMostStep) lighter[ramp[i]] = ramp[i + 1];
    }
  }
  return lighter;
}

// A band of diagonals (x + y), from before the first opaque pixel until it has passed the last.
Image shine(const Image& sprite, double phase, const ParamMap& values) {
  const ColourMap lighter = lighter_colours(sprite);
  if (lighter.empty())
    throw Failure(ErrorCode::kUnsupported, "no colour of the sprite has a lighter one of its hue, so that nothing can shine",
                  "choose another motion, or draw with a lighter shade in the pixel editor");
  int first = sprite.width + sprite.height, last = -1;
  for (int y = 0; y < sprite.height; ++y) {
    for (int x = 0; x < sprite.width; ++x) {
      if (sprite.pixel(x, y)[3] == 0) continue;
      first = std::min(first, x + y);
      last = std::max(last, x + y);
    }
  }
  const int width = static_cast<int>(get_int(values, "width"));
  const int begin = first - width + static_cast<int>(phase * (last + 1 - first + width));
  const Image lit = recoloured(sprite, lighter);
  Image shown = sprite;
  for (int y = 0; y < sprite.height; ++y) {
    for (int x = 0; x < sprite.width; ++x) {
      if (x + y >= begin && x + y < begin + width) std::copy_n(lit.pixel(x, y), 4, shown.pixel(x, y));
    }
  }
  return shown;
}

}  // namespace

Motion shine_motion() {
  return {.id = "shine",
          .label = "Shine",
          .help = "A band of light goes over the sprite: each pixel under it takes the next lighter of the sprite's own shades",
          .params = {{.id = "width",
                      .label = "Width",
                      .unit = "pixels",
                      .fallback = 4,
                      .min = 1,
                      .max = 64,
                      .help = "Of the band, along a row",
                      .shown_max = 16}},
          .at = shine};
}

}  // namespace kiln
