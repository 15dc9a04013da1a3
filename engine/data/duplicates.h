#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "engine/data/min_hash.h"
#include "engine/data/sprite_set.h"

namespace kiln {

// A group number for each sprite: copies, near copies, recolourings, and any of these mirrored, share one. Of the pixels where
// either sprite is opaque, at most a tenth may differ visibly; for a recolouring, at most a tenth may break the one-to-one
// relation between the colours of both, and only drawings of few colours are compared so. Groups are transitive; numbers are dense,
// in order of first appearance.
std::vector<int> duplicate_groups(const SpriteSet& set);

// The same in small steps: look_at() each image in order, then compare() each place in order, then groups(). Of more than
// `all_pairs` images only those are compared that have a key of MinHashKeys in common: near copies are missed now and then, and no
// others are taken for some.
class DuplicateSearch {
 public:
  static constexpr std::size_t kAllPairs = 50'000;

  // All of one size. They must outlive this.
  explicit DuplicateSearch(std::vector<const Image*> images, std::size_t all_pairs = kAllPairs);
  DuplicateSearch(const DuplicateSearch&) = delete;
  DuplicateSearch& operator=(const DuplicateSearch&) = delete;
  ~DuplicateSearch();

  std::size_t count() const { return images_.size(); }
  void look_at(std::size_t i);
  void compare(std::size_t place);
  std::vector<int> groups();

 private:
  struct Looks;
  struct Entry;
  int root_of(int i);
  bool are_joined(std::size_t i, std::size_t j) { return root_of(static_cast<int>(i)) == root_of(static_cast<int>(j)); }
  void join_if_near(const Looks& a, std::size_t i, const Looks& b, std::size_t j);
  void compare_all_with(std::size_t place);
  void compare_by_key(std::size_t key);
  void compare_bucket(std::span<const Entry> bucket);

  std::vector<const Image*> images_;
  std::vector<Looks> looks_;
  std::vector<int> parent_;         // of each image, towards the first of its group
  std::vector<std::size_t> order_;  // by the number of opaque pixels
  bool by_keys_;
  std::vector<std::array<MinHashKeys, 2>> keys_;  // of each image, as it is and mirrored, in place of looks_
};

}  // namespace kiln
