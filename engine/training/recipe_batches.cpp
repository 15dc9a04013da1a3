#include "engine/training/recipe_batches.h"

#include <optional>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/data/pixel_store.h"
#include "engine/network/network.h"
#include "engine/pixelart/palette_fit.h"
#include "engine/pixelart/palette_map.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

constexpr long long kMostColours = 256;

}  // namespace

Augmentation augmentation_of(const ParamMap& recipe, const std::set<std::string>& flip_classes) {
  Augmentation augmentation;
  augmentation.flip_classes = flip_classes;
  for (const auto& name : split(get_text(recipe, "flips"), ',')) {
    if (const auto plain = trimmed(name); !plain.empty()) augmentation.flip_classes.emplace(plain);
  }
  augmentation.shift = static_cast<int>(get_int(recipe, "shift"));
  augmentation.share = get_real(recipe, "augmentation_share");
  return augmentation;
}

int channels_of(const ParamMap& recipe) { return get_text(recipe, "channels") == "rgba" ? 4 : 3; }

SpriteSet set_of_recipe(SpriteSet set, const ParamMap& recipe) {
  if (!get_bool(recipe, "frames") || !find_network(get_text(recipe, "network")).takes_frames) {
    for (LabelledSprite& sprite : set.sprites) sprite.frame = -1;
  }
  return channels_of(recipe) == 4 ? std::move(set) : over_background(std::move(set), get_text(recipe, "background"));
}

PaletteEntries palette_head_of(const SpriteSet& set, const ParamMap& recipe) {
  const std::string& value = get_text(recipe, "palette");
  if (value == kNoPalette) return {};
  const bool as_usual = diffusion_of(recipe).prediction == DiffusionConfig{}.prediction;
  if (value == kOwnPalette) {
    const Palette own = as_usual && has_hard_alpha(set) ? common_palette(set) : Palette{};
    return own.colours.empty() ? PaletteEntries{} : opaque_entries(own, channels_of(recipe));
  }
  const auto count = parse_int(value);
  if (!count || *count < 2 || *count > kMostColours) {
    throw Failure(ErrorCode::kInvalidArgument, "“" + value + "” is no palette head",
                  "write off, auto, or a number of colours from 2 to " + std::to_string(kMostColours));
  }
  if (!as_usual) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "a network with a palette head predicts colours, not " + get_text(recipe, "prediction"),
                  "leave prediction as it is by default, or set palette=off");
  }
  std::vector<Image> images;
  images.reserve(set.sprites.size());
  for (const LabelledSprite& sprite : set.sprites) images.push_back(sprite.image);
  if (channels_of(recipe) == 4 && !has_hard_alpha(set)) return fit_entries(images, static_cast<int>(*count));
  return opaque_entries(fit_palette(images, static_cast<int>(*count)), channels_of(recipe));
}

SpriteSet in_palette(SpriteSet set, const PaletteEntries& entries) {
  if (entries.empty()) return set;
  PixelStore store;
  for (LabelledSprite& sprite : set.sprites) {
    Image mapped = map_to_entries(sprite.image, entries);
    if (mapped == sprite.image) continue;
    store.keep(mapped);
    sprite.image = std::move(mapped);
  }
  return set;
}

BatchSource recipe_batches(const SpriteSet& set, const std::vector<int>& members, const ParamMap& recipe,
                           const std::set<std::string>& flip_classes, std::uint64_t seed, c10::Device device) {
  return BatchSource(set, members, channels_of(recipe), augmentation_of(recipe, flip_classes), get_real(recipe, "balance"), seed,
                     device);
}

}  // namespace kiln
