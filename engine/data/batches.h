#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/data/sprite_set.h"

namespace kiln {

struct Augmentation {
  std::set<std::string> flip_classes;  // classes whose sprites may be mirrored; "*" allows all
  int shift = 1;                       // pixels; only as far as nothing visible leaves the picture
};

struct Batch {
  at::Tensor x;        // [B, C, H, W] fp32 in [-1, 1]
  at::Tensor classes;  // [B] int64
};

// Class-balanced, augmented batches of part of a set. What a batch holds depends on the seed and its number alone.
class BatchSource {
 public:
  // balance: 1 draws classes evenly, 0 sprites evenly, between: class probability ∝ size^(1 - balance).
  BatchSource(const SpriteSet& set, const std::vector<int>& members, int channels, Augmentation augmentation, double balance,
              std::uint64_t seed);

  Batch batch(std::int64_t number, int size) const;

 private:
  struct Class {
    int index;
    bool may_flip;
    double up_to;  // cumulative probability
    std::vector<int> members;
  };

  const SpriteSet& set_;
  int channels_;
  Augmentation augmentation_;
  std::uint64_t seed_;
  std::vector<Class> classes_;
};

// One sprite as the network sees it, moved by (dx, dy) and mirrored if `flip`: writes [C, H, W] fp32 to `out`.
void write_sprite(const Image& image, int channels, int dx, int dy, bool flip, float* out);

// [N, C, H, W] of the sprites `members`, as they are.
at::Tensor sprites_tensor(const SpriteSet& set, const std::vector<int>& members, int channels);

}  // namespace kiln
