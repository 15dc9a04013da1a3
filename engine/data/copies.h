#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "engine/api/dataset.h"
#include "engine/data/content_key.h"
#include "engine/data/duplicates.h"

namespace kiln {

// Groups of two or more sprites with equal pixels, each group in order, by their first sprite. In small steps: add() each, in
// order.
class EqualSearch {
 public:
  void add(const DatasetSprite& sprite, std::size_t i) { keys_.emplace_back(content_key(sprite.image), i); }
  std::vector<std::vector<std::size_t>> groups() const;

 private:
  std::vector<std::pair<ContentKey, std::size_t>> keys_;
};

// The same of near copies, recolourings and mirror images (as duplicate_groups sees them), sprites of one size each. In small
// steps: look_at() each number below count() in order, then compare() each.
class NearSearch {
 public:
  // `by_size`: as sprites_by_size gives them, or fewer. The sprites must stay as they are.
  NearSearch(const std::vector<DatasetSprite>& sprites, std::vector<std::vector<std::size_t>> by_size);

  std::size_t count() const { return where_.size(); }
  void look_at(std::size_t i) { searches_[where_[i].first]->look_at(where_[i].second); }
  void compare(std::size_t i) { searches_[where_[i].first]->compare(where_[i].second); }
  std::vector<std::vector<std::size_t>> groups();

 private:
  std::vector<std::vector<std::size_t>> by_size_;
  std::vector<std::unique_ptr<DuplicateSearch>> searches_;  // one a size
  std::vector<std::pair<std::size_t, std::size_t>> where_;  // search, number in it
};

// The sprites of each size, by their places; the most frequent size first.
std::vector<std::vector<std::size_t>> sprites_by_size(const std::vector<DatasetSprite>& sprites);

}  // namespace kiln
