#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/data/block_order.h"
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

// Class-balanced, augmented batches of part of a set. What a batch holds depends on the seed, its number and its size alone. The
// pictures stay on the device that trains; of more than `most_resident` bytes they are taken from where they lie, which may be a
// mapped file, in the order of BlockOrder, while fewer are drawn anywhere in the set.
class BatchSource {
 public:
  static constexpr std::size_t kMostResident = std::size_t{256} << 20;

  // balance: 1 draws classes evenly, 0 sprites evenly, between: class probability ∝ size^(1 - balance).
  BatchSource(const SpriteSet& set, const std::vector<int>& members, int channels, Augmentation augmentation, double balance,
              std::uint64_t seed, c10::Device device = c10::kCPU, std::size_t most_resident = kMostResident);

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

  // What is done to a sprite of the batch.
  struct Choice {
    std::int64_t place, flip, dx, dy;
  };

  static Margins margins_of(const Image& image);
  void keep_pictures(const SpriteSet& set, const std::vector<int>& members);
  void stream_pictures(const SpriteSet& set, const std::vector<int>& members, std::uint64_t seed);
  Choice choose(std::int64_t number, int size, int row) const;
  // [B, H, W, C], of the images at these places.
  at::Tensor gathered(const at::Tensor& places) const;

  Augmentation augmentation_;
  std::uint64_t seed_;
  c10::Device device_;
  int channels_;
  std::vector<Class> classes_;
  std::vector<Margins> margins_;
  at::Tensor pictures_;  // [N, H, W, C] uint8; none of a set that is streamed, which has:
  std::vector<Image> streamed_;
  std::vector<int> class_of_;  // of each: its place in classes_
  std::optional<BlockOrder> order_;
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
