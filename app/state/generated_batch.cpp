#include "app/state/generated_batch.h"

#include <algorithm>
#include <cstdio>

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
  if (const auto i = static_cast<std::size_t>(index); i < sprites.size()) sprites[i].image = image;
  if (by_hand) {
    edited.insert(index);
  } else {
    edited.erase(index);
  }
}

Condition GeneratedBatch::condition(int index) const {
  const auto i = static_cast<std::size_t>(index);
  if (i < sprites.size()) return sprites[i].recipe.condition;
  if (!request.conditions.empty()) return request.conditions[i % request.conditions.size()];
  if (!classes.empty()) return {{classes[i % classes.size()], 1}};
  return {};
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
