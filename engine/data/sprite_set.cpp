#include "engine/data/sprite_set.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "engine/api/preprocessing.h"
#include "engine/base/error.h"
#include "engine/base/sha256.h"
#include "engine/data/pixel_store.h"
#include "engine/formats/palette_choice.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/colours.h"
#include "engine/pixelart/palette_fit.h"

namespace kiln {

std::vector<int> frame_counts(const SpriteSet& set) {
  std::vector<int> counts(set.classes.size());
  for (const LabelledSprite& sprite : set.sprites) {
    int& count = counts[static_cast<std::size_t>(sprite.class_index)];
    count = std::max(count, sprite.frame + 1);
  }
  const bool any = std::any_of(counts.begin(), counts.end(), [](int count) { return count > 0; });
  return any ? counts : std::vector<int>();
}

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

SpriteSet over_background(SpriteSet set, const std::string& background) {
  Rgb8 colour;
  if (background == kBorderColour) {
    std::vector<const Image*> images;
    images.reserve(set.sprites.size());
    for (const auto& sprite : set.sprites) images.push_back(&sprite.image);
    colour = mean_border_colour(images);
  } else {
    const std::optional<Palette> given =
        background.starts_with('#') ? std::optional(read_palette_choice(background).palette) : std::nullopt;
    if (!given || given->colours.size() != 1) {
      throw Failure(ErrorCode::kInvalidArgument, "the background “" + background + "” is not a colour",
                    "write it as #1a1c2c, or auto for the mean along the sprites' borders");
    }
    colour = given->colours.front();
  }
  PixelStore store;
  for (auto& sprite : set.sprites) store.keep(sprite.image = over_colour(sprite.image, colour));
  return set;
}

std::string fingerprint(const SpriteSet& set) {
  Sha256 content;
  const auto add_text = [&](const std::string& text) {
    content.add({reinterpret_cast<const std::uint8_t*>(text.c_str()), text.size() + 1});
  };
  add_text(size_text({set.width, set.height}));
  for (const auto& name : set.classes) add_text(name);
  for (const auto& sprite : set.sprites) {
    add_text(std::to_string(sprite.class_index));
    if (sprite.frame >= 0) add_text("frame " + std::to_string(sprite.frame));
    if (sprite.held_out) add_text("held out");
    content.add(sprite.image.rgba);
  }
  return content.hex();
}

}  // namespace kiln
