#include "engine/data/batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/data/counter_random.h"

namespace kiln {
namespace {

// Free columns or rows on each side of what is visible, as the range of moves that loses nothing.
struct Margins {
  int left, right, top, bottom;
};

Margins margins_of(const Image& image) {
  Margins margins{image.width, image.width, image.height, image.height};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (image.pixel(x, y)[3] == 0) continue;
      margins.left = std::min(margins.left, x);
      margins.right = std::min(margins.right, image.width - 1 - x);
      margins.top = std::min(margins.top, y);
      margins.bottom = std::min(margins.bottom, image.height - 1 - y);
    }
  }
  return margins;
}

int draw_shift(CounterRandom& random, int before, int after, int most) {
  const int low = -std::min(before, most), high = std::min(after, most);
  return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
}

}  // namespace

BatchSource::BatchSource(const SpriteSet& set, const std::vector<int>& members, int channels, Augmentation augmentation,
                         double balance, std::uint64_t seed)
    : set_(set), channels_(channels), augmentation_(std::move(augmentation)), seed_(seed) {
  std::vector<std::vector<int>> by_class(set.classes.size());
  for (const int i : members) by_class[static_cast<std::size_t>(set.sprites[static_cast<std::size_t>(i)].class_index)].push_back(i);
  double sum = 0;
  for (std::size_t c = 0; c < by_class.size(); ++c) {
    if (by_class[c].empty()) continue;
    sum += std::pow(static_cast<double>(by_class[c].size()), 1 - balance);
    const auto& flips = augmentation_.flip_classes;
    classes_.push_back({static_cast<int>(c), flips.contains("*") || flips.contains(set.classes[c]), sum, std::move(by_class[c])});
  }
  for (auto& entry : classes_) entry.up_to /= sum;
}

Batch BatchSource::batch(std::int64_t number, int size) const {
  Batch batch{at::empty({size, channels_, set_.height, set_.width}), at::empty({size}, at::kLong)};
  float* out = batch.x.data_ptr<float>();
  for (int i = 0; i < size; ++i) {
    CounterRandom random(seed_, static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(i));
    const double place = random.unit();
    const auto found = std::find_if(classes_.begin(), classes_.end() - 1, [&](const Class& c) { return place < c.up_to; });
    const Image& image = set_.sprites[static_cast<std::size_t>(found->members[random.below(found->members.size())])].image;
    const bool flip = found->may_flip && random.below(2) == 1;
    Margins margins = margins_of(image);
    if (flip) std::swap(margins.left, margins.right);
    const int dx = draw_shift(random, margins.left, margins.right, augmentation_.shift);
    const int dy = draw_shift(random, margins.top, margins.bottom, augmentation_.shift);
    write_sprite(image, channels_, dx, dy, flip, out + static_cast<std::ptrdiff_t>(i) * channels_ * set_.height * set_.width);
    batch.classes.data_ptr<std::int64_t>()[i] = found->index;
  }
  return batch;
}

void write_sprite(const Image& image, int channels, int dx, int dy, bool flip, float* out) {
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const int from_x = flip ? image.width - 1 - (x - dx) : x - dx, from_y = y - dy;
      const bool inside = from_x >= 0 && from_x < image.width && from_y >= 0 && from_y < image.height;
      for (int c = 0; c < channels; ++c) {
        const int value = inside ? image.pixel(from_x, from_y)[c] : 0;
        out[(c * image.height + y) * image.width + x] = static_cast<float>(value) / 127.5F - 1.0F;
      }
    }
  }
}

at::Tensor sprites_tensor(const SpriteSet& set, const std::vector<int>& members, int channels) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(members.size()), channels, set.height, set.width});
  float* out = tensor.data_ptr<float>();
  for (const int i : members) {
    write_sprite(set.sprites[static_cast<std::size_t>(i)].image, channels, 0, 0, false, out);
    out += static_cast<std::ptrdiff_t>(channels) * set.height * set.width;
  }
  return tensor;
}

}  // namespace kiln
