#include "engine/pixelart/silhouette.h"

#include <algorithm>

#include "engine/pixelart/palette_map.h"
#include "engine/pixelart/recolour.h"

namespace kiln {

Image silhouette_mask(const Image& sprite) {
  Image mask(sprite.width, sprite.height);
  for (std::size_t i = 0; i < sprite.rgba.size(); i += 4) {
    if (sprite.rgba[i + 3] > 0) std::fill_n(&mask.rgba[i], 4, std::uint8_t{255});
  }
  return mask;
}

Image with_silhouette_of(const Image& drawn, const Image& sprite, const Image& colours_of) {
  const PaletteMap colours(Palette{"", visible_colours({colours_of})});
  Image made = sprite;
  for (std::size_t i = 0; i < made.rgba.size(); i += 4) {
    if (sprite.rgba[i + 3] == 0 || drawn.rgba[i + 3] == 0) continue;
    const Rgb8 colour = colours.nearest({drawn.rgba[i], drawn.rgba[i + 1], drawn.rgba[i + 2]});
    made.rgba[i] = colour.r, made.rgba[i + 1] = colour.g, made.rgba[i + 2] = colour.b;
  }
  return made;
}

}  // namespace kiln
