#include "engine/training/recipe_batches.h"

#include <utility>

#include "engine/base/text.h"

namespace kiln {

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
  return channels_of(recipe) == 4 ? std::move(set) : over_background(std::move(set), get_text(recipe, "background"));
}

BatchSource recipe_batches(const SpriteSet& set, const std::vector<int>& members, const ParamMap& recipe,
                           const std::set<std::string>& flip_classes, std::uint64_t seed, c10::Device device) {
  return BatchSource(set, members, channels_of(recipe), augmentation_of(recipe, flip_classes), get_real(recipe, "balance"), seed,
                     device);
}

}  // namespace kiln
