#include "engine/pixelart/palette_map.h"

#include <limits>

#include "engine/base/error.h"
#include "engine/pixelart/colours.h"

namespace kiln {

std::size_t nearest(const std::vector<Oklab>& colours, const Oklab& colour) {
  std::size_t best = 0;
  float best_distance = std::numeric_limits<float>::max();
  for (std::size_t i = 0; i < colours.size(); ++i) {
    const float distance = squared_distance(colours[i], colour);
    if (distance < best_distance) {
      best_distance = distance;
      best = i;
    }
  }
  return best;
}

PaletteMap::PaletteMap(const Palette& palette) : colours_(palette.colours) {
  if (colours_.empty()) {
    throw Failure(ErrorCode::kInvalidArgument, "the palette “" + palette.name + "” has no colours", "choose another palette");
  }
  for (const Rgb8& colour : colours_) places_.push_back(to_oklab(colour));
}

Image map_to_palette(const Image& image, const Palette& palette) {
  const PaletteMap map(palette);
  std::map<Rgb8, Rgb8> known;
  for (const Rgb8& colour : distinct_colours(image)) known[colour] = map.nearest(colour);
  Image mapped(image.width, image.height);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] < kOpaqueAlpha) continue;
    const Rgb8 colour = known[{image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]}];
    mapped.rgba[i] = colour.r, mapped.rgba[i + 1] = colour.g, mapped.rgba[i + 2] = colour.b, mapped.rgba[i + 3] = 255;
  }
  return mapped;
}

}  // namespace kiln
