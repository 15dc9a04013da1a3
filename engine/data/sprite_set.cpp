#include "engine/data/sprite_set.h"

#include <algorithm>

#include "engine/api/preprocessing.h"
#include "engine/base/sha256.h"
#include "engine/pixelart/alpha.h"

namespace kiln {

bool has_hard_alpha(const SpriteSet& set) {
  return std::none_of(set.sprites.begin(), set.sprites.end(),
                      [](const LabelledSprite& sprite) { return alpha_kind(sprite.image) == AlphaKind::kSoft; });
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
