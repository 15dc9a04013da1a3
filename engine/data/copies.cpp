#include "engine/data/copies.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "engine/data/duplicates.h"

namespace kiln {
namespace {

// Those of two or more, by their first member.
template <class Key>
std::vector<std::vector<std::size_t>> groups_of(std::map<Key, std::vector<std::size_t>> by_key) {
  std::vector<std::vector<std::size_t>> groups;
  for (auto& [key, members] : by_key) {
    if (members.size() > 1) groups.push_back(std::move(members));
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

}  // namespace

std::vector<std::vector<std::size_t>> equal_sprites(const std::vector<DatasetSprite>& sprites) {
  std::map<std::pair<int, std::string>, std::vector<std::size_t>> by_pixels;
  for (std::size_t i = 0; i < sprites.size(); ++i) {
    const Image& image = sprites[i].image;
    by_pixels[{image.width, std::string(image.rgba.begin(), image.rgba.end())}].push_back(i);
  }
  return groups_of(std::move(by_pixels));
}

std::vector<std::vector<std::size_t>> near_sprites(const std::vector<DatasetSprite>& sprites, const std::vector<std::size_t>& members) {
  SpriteSet set;
  for (const auto member : members) {
    const auto& sprite = sprites[member];
    set.width = sprite.image.width;
    set.height = sprite.image.height;
    set.sprites.push_back({sprite.file, 0, sprite.image});
  }
  std::map<int, std::vector<std::size_t>> by_group;
  const auto numbers = duplicate_groups(set);
  for (std::size_t i = 0; i < members.size(); ++i) by_group[numbers[i]].push_back(members[i]);
  return groups_of(std::move(by_group));
}

std::vector<std::vector<std::size_t>> sprites_by_size(const std::vector<DatasetSprite>& sprites) {
  std::map<std::pair<int, int>, std::vector<std::size_t>> by_size;
  for (std::size_t i = 0; i < sprites.size(); ++i) by_size[{sprites[i].image.width, sprites[i].image.height}].push_back(i);
  std::vector<std::vector<std::size_t>> sizes;
  for (auto& [size, members] : by_size) sizes.push_back(std::move(members));
  std::stable_sort(sizes.begin(), sizes.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return sizes;
}

}  // namespace kiln
