#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/base/image.h"

namespace kiln {

inline constexpr double kNearCopy = 0.05;  // share of pixels that may differ

// A sprite beside the training sprite that is nearest to it, once it is mirrored or moved by up to two pixels.
struct NearestMatch {
  std::size_t index = 0;  // of the training sprite
  double distance = 0;    // root mean square over premultiplied red, green, blue and alpha, 0 … 255; 0: the same pixels
  // The least share of pixels that differ visibly, of those opaque in either, among the nearest training sprites.
  double differing = 0;
  bool mirrored = false;
  int right = 0, down = 0;  // how the sprite was moved

  bool is_near_copy() const { return differing <= kNearCopy; }
};

// Finds near copies of training sprites.
class NoveltySearch {
 public:
  // training: not empty, all of one size; they must outlive this.
  explicit NoveltySearch(const std::vector<const Image*>& training);

  // leaving_out: a training sprite that is not looked at. Without any other, an infinite distance, and all pixels differ.
  NearestMatch nearest(const Image& sample, std::optional<std::size_t> leaving_out = {}) const;

 private:
  std::vector<const Image*> training_;
  at::Tensor values_;   // [H·W·4, N], premultiplied, 0 … 1
  at::Tensor squares_;  // [N], of each column
};

// The image, perhaps mirrored first, moved right and down; what leaves it is lost, what comes in is transparent.
Image moved_image(const Image& image, bool mirrored, int right, int down);

// As NearestMatch has them, of two images of one size as they are.
double pixel_distance(const Image& a, const Image& b);
double differing_share(const Image& a, const Image& b);

}  // namespace kiln
