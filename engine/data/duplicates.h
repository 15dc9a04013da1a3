#pragma once

#include <cstddef>
#include <vector>

#include "engine/data/sprite_set.h"

namespace kiln {

// A group number for each sprite: copies, near copies, recolourings, and any of these mirrored, share one. Of the pixels where
// either sprite is opaque, at most a tenth may differ visibly; for a recolouring, at most a tenth may break the one-to-one
// relation between the colours of both, and only drawings of few colours are compared so. Groups are transitive; numbers are dense,
// in order of first appearance.
std::vector<int> duplicate_groups(const SpriteSet& set);

// The same in small steps: look_at() each image in order, then compare() each place in order, then groups().
class DuplicateSearch {
 public:
  // All of one size. They must outlive this.
  explicit DuplicateSearch(std::vector<const Image*> images);
  DuplicateSearch(const DuplicateSearch&) = delete;
  DuplicateSearch& operator=(const DuplicateSearch&) = delete;
  ~DuplicateSearch();

  std::size_t count() const { return images_.size(); }
  void look_at(std::size_t i);
  void compare(std::size_t place);
  std::vector<int> groups();

 private:
  struct Looks;
  int root_of(int i);

  std::vector<const Image*> images_;
  std::vector<Looks> looks_;
  std::vector<int> parent_;         // of each image, towards the first of its group
  std::vector<std::size_t> order_;  // by the number of opaque pixels
};

}  // namespace kiln
