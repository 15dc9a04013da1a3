#include "engine/data/copies.h"

#include <algorithm>
#include <map>
#include <utility>

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

std::vector<std::vector<std::size_t>> EqualSearch::groups() const {
  auto sorted = keys_;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t first = 0, end = 0; first < sorted.size(); first = end) {
    while (end < sorted.size() && sorted[end].first == sorted[first].first) ++end;
    if (end - first < 2) continue;
    groups.emplace_back();
    for (std::size_t i = first; i < end; ++i) groups.back().push_back(sorted[i].second);
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

NearSearch::NearSearch(const std::vector<DatasetSprite>& sprites, std::vector<std::vector<std::size_t>> by_size)
    : by_size_(std::move(by_size)) {
  for (std::size_t size = 0; size < by_size_.size(); ++size) {
    std::vector<const Image*> images;
    for (const auto member : by_size_[size]) {
      where_.emplace_back(size, images.size());
      images.push_back(&sprites[member].image);
    }
    searches_.push_back(std::make_unique<DuplicateSearch>(std::move(images)));
  }
}

std::vector<std::vector<std::size_t>> NearSearch::groups() {
  std::vector<std::vector<std::size_t>> all;
  for (std::size_t size = 0; size < by_size_.size(); ++size) {
    std::map<int, std::vector<std::size_t>> by_group;
    const auto numbers = searches_[size]->groups();
    for (std::size_t i = 0; i < numbers.size(); ++i) by_group[numbers[i]].push_back(by_size_[size][i]);
    for (auto& group : groups_of(std::move(by_group))) all.push_back(std::move(group));
  }
  return all;
}

std::vector<std::vector<std::size_t>> sprites_by_size(const std::vector<DatasetSprite>& sprites) {
  std::map<std::pair<int, int>, std::vector<std::size_t>> by_size;
  for (std::size_t i = 0; i < sprites.size(); ++i) by_size[{sprites[i].image.width, sprites[i].image.height}].push_back(i);
  std::vector<std::vector<std::size_t>> sizes;
  sizes.reserve(by_size.size());
  for (auto& [size, members] : by_size) sizes.push_back(std::move(members));
  std::stable_sort(sizes.begin(), sizes.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return sizes;
}

}  // namespace kiln
