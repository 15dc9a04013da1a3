#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/data/sprite_set.h"

namespace kiln {

struct Augmentation {
  std::set<std::string> flip_classes;  // classes whose sprites may be mirrored; "*" allows all
  int shift = 1;                       // pixels; only as far as nothing visible leaves the picture
  double share = 1;                    // of the sprites that are drawn, for which any of it is done
};

inline constexpr int kMostShift = 8;
inline constexpr int kAugmentationLabels = 1 + 4 * kMostShift;  // mirrored; moved, by each distance along each axis

struct Batch {
  at::Tensor x;        // [B, C, H, W] fp32 in [-1, 1], on the source's device
  at::Tensor classes;  // of class_numbers(), on the CPU
  at::Tensor labels;   // [B, kAugmentationLabels] fp32 0 or 1, what was done to each; zeros for a sprite as it is
};

// Class-balanced, augmented batches of part of a set, whose pictures stay on the device that trains. What a batch holds depends on
// the seed and its number alone.
class BatchSource {
 public:
  // balance: 1 draws classes evenly, 0 sprites evenly, between: class probability ∝ size^(1 - balance).
  BatchSource(const SpriteSet& set, const std::vector<int>& members, int channels, Augmentation augmentation, double balance,
              std::uint64_t seed, c10::Device device = c10::kCPU);

  Batch batch(std::int64_t number, int size) const;

 private:
  // Free columns or rows on each side of what is visible: how far a picture can be moved and loses nothing.
  struct Margins {
    int left, right, top, bottom;
  };
  struct Class {
    bool may_flip;
    double up_to;              // cumulative probability
    std::vector<int> members;  // places in pictures_
  };

  static Margins margins_of(const Image& image);

  Augmentation augmentation_;
  std::uint64_t seed_;
  std::vector<Class> classes_;
  std::vector<Margins> margins_;
  at::Tensor pictures_;         // [N, H, W, C] uint8
  at::Tensor picture_classes_;  // of class_numbers()
};

// The class of each of the sprites `members` [B] int64; of a set with frames [B, 2], with the frame, -1 of none.
at::Tensor class_numbers(const SpriteSet& set, const std::vector<int>& members);

// A small tensor on its way to a device through pinned memory, so that the device need not be waited for; itself for the CPU.
at::Tensor sent_to(const at::Tensor& tensor, c10::Device device);

// One sprite as the network sees it: writes [C, H, W] fp32 to `out`, straight alpha, a byte b as b / 127.5 - 1. The image's colour
// must be cleared where it is transparent, as it is in a set.
void write_sprite(const Image& image, int channels, float* out);

// The same of any image, [C, H, W].
at::Tensor sprite_tensor(const Image& image, int channels);

// [N, C, H, W] of the sprites `members`, as they are.
at::Tensor sprites_tensor(const SpriteSet& set, const std::vector<int>& members, int channels);

}  // namespace kiln
