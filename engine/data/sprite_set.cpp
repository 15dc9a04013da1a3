#include "engine/data/sprite_set.h"

#include <algorithm>
#include <set>

#include "engine/api/preprocessing.h"
#include "engine/base/sha256.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/colours.h"
#include "engine/pixelart/palette_fit.h"

namespace kiln {

bool has_hard_alpha(const SpriteSet& set) {
  return std::none_of(set.sprites.begin(), set.sprites.end(),
                      [](const LabelledSprite& sprite) { return alpha_kind(sprite.image) == AlphaKind::kSoft; });
}

Palette common_palette(const SpriteSet& set) {
  constexpr std::size_t kMostColours = 256;
  std::set<Rgb8> colours;
  for (const LabelledSprite& sprite : set.sprites) {
    const auto own = distinct_colours(sprite.image);
    colours.insert(own.begin(), own.end());
    if (colours.size() > kMostColours) return {};
  }
  return {"of the training sprites", dark_to_light({colours.begin(), colours.end()})};
}

std::string fingerprint(const SpriteSet& set) {
  std::vector<std::uint8_t> content;
  const auto add_text = [&](const std::string& text) {
    content.insert(content.end(), text.begin(), text.end());
    content.push_back(0);
  };
  add_text(size_text({set.width, set.height}));
  for (const auto& name : set.classes) add_text(name);
  for (const auto& sprite : set.sprites) {
    add_text(std::to_string(sprite.class_index));
    content.insert(content.end(), sprite.image.rgba.begin(), sprite.image.rgba.end());
  }
  return sha256_hex(content);
}

}  // namespace kiln
