#include "app/state/generated_batch.h"

#include <algorithm>
#include <cstdio>

#include "engine/gallery/recipe_batch.h"

namespace kiln {

Image GeneratedBatch::image(int index) const {
  Image image(width, height);
  const auto size = image.rgba.size();
  const auto first = rgba.begin() + static_cast<std::ptrdiff_t>(size * static_cast<std::size_t>(index));
  std::copy(first, first + static_cast<std::ptrdiff_t>(size), image.rgba.begin());
  return image;
}

std::vector<Image> GeneratedBatch::images() const {
  std::vector<Image> all;
  for (int i = 0; has_pixels() && i < count(); ++i) all.push_back(image(i));
  return all;
}

void GeneratedBatch::put(int index, const Image& image, bool by_hand) {
  const auto first = static_cast<std::ptrdiff_t>(image.rgba.size() * static_cast<std::size_t>(index));
  std::copy(image.rgba.begin(), image.rgba.end(), rgba.begin() + first);
  if (const auto i = static_cast<std::size_t>(index); i < sprites.size()) {
    sprites[i].image = image;
    sprites[i].recipe.edited = by_hand;
  }
  if (by_hand) {
    edited.insert(index);
  } else {
    edited.erase(index);
  }
}

std::uint64_t GeneratedBatch::seed(int index) const {
  if (const auto i = static_cast<std::size_t>(index); i < sprites.size()) {
    const ParamMap& values = sprites[i].recipe.settings.shared_params;
    if (values.contains("seed")) return get_seed(values, "seed");
  }
  return get_seed(request.settings.shared_params, "seed") + static_cast<std::uint64_t>(index);
}

int GeneratedBatch::step_of(int index) const {
  const auto i = static_cast<std::size_t>(index);
  return i < origins.size() ? origins[i].step : step;
}

int GeneratedBatch::total_of(int index) const {
  const auto i = static_cast<std::size_t>(index);
  return i < origins.size() ? origins[i].total : total;
}

void GeneratedBatch::put(int index, std::span<const std::uint8_t> pixels) {
  std::copy(pixels.begin(), pixels.end(),
            rgba.begin() + static_cast<std::ptrdiff_t>(pixels.size() * static_cast<std::size_t>(index)));
}

void GeneratedBatch::add(const std::vector<Sprite>& more, const std::vector<SpriteOrigin>& their_origins) {
  origins.resize(sprites.size());
  for (const Sprite& sprite : more) {
    if (sprite.recipe.edited) edited.insert(static_cast<int>(sprites.size()));
    rgba.insert(rgba.end(), sprite.image.rgba.begin(), sprite.image.rgba.end());
    sprites.push_back(sprite);
  }
  origins.insert(origins.end(), their_origins.begin(), their_origins.end());
  request.settings.shared_params["count"] = static_cast<std::int64_t>(sprites.size());
}

GeneratedBatch GeneratedBatch::with_only(const std::vector<int>& places) const {
  GeneratedBatch fewer = *this;
  fewer.rgba.clear();
  fewer.sprites.clear();
  fewer.origins.clear();
  fewer.edited.clear();
  for (const int place : places) {
    const auto i = static_cast<std::size_t>(place);
    const Image pixels = image(place);
    if (edited.contains(place)) fewer.edited.insert(static_cast<int>(fewer.sprites.size()));
    fewer.rgba.insert(fewer.rgba.end(), pixels.rgba.begin(), pixels.rgba.end());
    fewer.sprites.push_back(sprites[i]);
    if (i < origins.size()) fewer.origins.push_back(origins[i]);
  }
  fewer.request.settings.shared_params["count"] = static_cast<std::int64_t>(places.size());
  return fewer;
}

std::vector<SpriteRecipe> GeneratedBatch::recipes() const {
  std::vector<SpriteRecipe> all;
  for (const Sprite& sprite : sprites) all.push_back(sprite.recipe);
  return all;
}

std::vector<SpriteRecipe> GeneratedBatch::recipes(int index) const {
  if (static_cast<std::size_t>(index) >= sprites.size()) return {};
  return {sprites[static_cast<std::size_t>(index)].recipe};
}

Condition GeneratedBatch::condition(int index) const {
  const auto i = static_cast<std::size_t>(index);
  if (i < sprites.size()) return sprites[i].recipe.condition;
  const std::vector<SampledSprite> asked = sampled_sprites(request, classes, frames);
  return i < asked.size() ? asked[i].condition : Condition();
}

int GeneratedBatch::frame(int index) const {
  const auto i = static_cast<std::size_t>(index);
  if (i >= sprites.size()) {
    const std::vector<SampledSprite> asked = sampled_sprites(request, classes, frames);
    return i < asked.size() ? asked[i].frame : 0;
  }
  return frame_of(sprites[i].recipe);
}

std::string describe(const Condition& condition) {
  if (condition.empty()) return "no class";
  if (condition.size() == 1 && condition.front().weight == 1) return display_name(condition.front().name);
  std::string text;
  for (const ClassWeight& c : condition) {
    char weight[32];
    std::snprintf(weight, sizeof weight, " %.2g", c.weight);
    text += (text.empty() ? "" : " + ") + display_name(c.name) + weight;
  }
  return text;
}

std::string display_name(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace kiln
