#include "engine/data/batches.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/data/counter_random.h"
#include "engine/pixelart/alpha.h"

namespace kiln {
namespace {

int draw_shift(CounterRandom& random, int before, int after, int most) {
  const int low = -std::min(before, most), high = std::min(after, most);
  return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low) + 1));
}

// Row or column of the picture that is shown at each place, moved by `shift` [B] and mirrored where `flip` [B] is 1: [B, size].
at::Tensor sources(std::int64_t size, const at::Tensor& shift, const at::Tensor& flip) {
  const at::Tensor from = at::arange(size, shift.options()) - shift.unsqueeze(1);
  return from + flip.unsqueeze(1) * (size - 1 - 2 * from);
}

// As in the non-leaky augmentation of Karras et al. 2022 (section 5), one label for each move. flip, dx, dy: [B] int64.
at::Tensor augmentation_labels(const at::Tensor& flip, const at::Tensor& dx, const at::Tensor& dy) {
  const at::Tensor far = at::arange(1, kMostShift + 1, dx.options());
  const at::Tensor distances = at::cat({-far, far});
  const auto one_hot = [&](const at::Tensor& moved) { return moved.unsqueeze(1) == distances; };
  return at::cat({flip.unsqueeze(1) == 1, one_hot(dx), one_hot(dy)}, 1).to(at::kFloat);
}

// pictures [N, H, W, C] uint8; place, flip, dx, dy [B]. As the network sees them, transparent black around: [B, C, H, W].
at::Tensor moved_pictures(const at::Tensor& pictures, const at::Tensor& place, const at::Tensor& flip, const at::Tensor& dx,
                          const at::Tensor& dy) {
  const auto height = pictures.size(1), width = pictures.size(2);
  const at::Tensor x = sources(width, dx, flip).unsqueeze(1), y = sources(height, dy, at::zeros_like(flip)).unsqueeze(2);
  const at::Tensor inside = (x >= 0).logical_and(x < width).logical_and(y >= 0).logical_and(y < height);  // [B, H, W]
  const at::Tensor taken = pictures.index({place.view({-1, 1, 1}), y.clamp(0, height - 1), x.clamp(0, width - 1)});
  return (taken * inside.unsqueeze(3)).permute({0, 3, 1, 2}).contiguous().to(at::kFloat).div_(127.5).sub_(1);
}

}  // namespace

BatchSource::Margins BatchSource::margins_of(const Image& image) {
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

BatchSource::BatchSource(const SpriteSet& set, const std::vector<int>& members, int channels, Augmentation augmentation,
                         double balance, std::uint64_t seed, c10::Device device)
    : augmentation_(std::move(augmentation)), seed_(seed) {
  std::vector<std::vector<int>> by_class(set.classes.size());
  pictures_ = at::empty({static_cast<std::int64_t>(members.size()), set.height, set.width, channels}, at::kByte);
  std::uint8_t* out = pictures_.data_ptr<std::uint8_t>();
  for (std::size_t place = 0; place < members.size(); ++place) {
    const LabelledSprite& sprite = set.sprites[static_cast<std::size_t>(members[place])];
    by_class[static_cast<std::size_t>(sprite.class_index)].push_back(static_cast<int>(place));
    margins_.push_back(margins_of(sprite.image));
    for (int y = 0; y < set.height; ++y) {
      for (int x = 0; x < set.width; ++x) out = std::copy_n(sprite.image.pixel(x, y), channels, out);
    }
  }
  pictures_ = pictures_.to(device);
  picture_classes_ = class_numbers(set, members);
  double sum = 0;
  for (std::size_t c = 0; c < by_class.size(); ++c) {
    if (by_class[c].empty()) continue;
    sum += std::pow(static_cast<double>(by_class[c].size()), 1 - balance);
    const auto& flips = augmentation_.flip_classes;
    classes_.push_back({flips.contains("*") || flips.contains(set.classes[c]), sum, std::move(by_class[c])});
  }
  for (auto& entry : classes_) entry.up_to /= sum;
}

Batch BatchSource::batch(std::int64_t number, int size) const {
  at::Tensor choices = at::empty({4, size}, at::kLong);
  auto chosen = choices.accessor<std::int64_t, 2>();
  for (int i = 0; i < size; ++i) {
    CounterRandom random(seed_, static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(i));
    const double drawn = random.unit();
    const auto found = std::find_if(classes_.begin(), classes_.end() - 1, [&](const Class& c) { return drawn < c.up_to; });
    const int place = found->members[random.below(found->members.size())];
    const bool augmented = augmentation_.share >= 1 || random.unit() < augmentation_.share;
    const int shift = augmented ? augmentation_.shift : 0;
    const bool flip = augmented && found->may_flip && random.below(2) == 1;
    Margins margins = margins_[static_cast<std::size_t>(place)];
    if (flip) std::swap(margins.left, margins.right);
    chosen[0][i] = place;
    chosen[1][i] = flip ? 1 : 0;
    chosen[2][i] = draw_shift(random, margins.left, margins.right, shift);
    chosen[3][i] = draw_shift(random, margins.top, margins.bottom, shift);
  }
  const at::Tensor on_device = sent_to(choices, pictures_.device());
  return {moved_pictures(pictures_, on_device[0], on_device[1], on_device[2], on_device[3]),
          picture_classes_.index_select(0, choices[0]), augmentation_labels(on_device[1], on_device[2], on_device[3])};
}

at::Tensor class_numbers(const SpriteSet& set, const std::vector<int>& members) {
  at::Tensor numbers = at::empty({static_cast<std::int64_t>(members.size()), 2}, at::kLong);
  std::int64_t* out = numbers.data_ptr<std::int64_t>();
  for (const int member : members) {
    const LabelledSprite& sprite = set.sprites[static_cast<std::size_t>(member)];
    *out++ = sprite.class_index;
    *out++ = sprite.frame;
  }
  return frame_counts(set).empty() ? numbers.select(1, 0).contiguous() : numbers;
}

at::Tensor sent_to(const at::Tensor& tensor, c10::Device device) {
  return device.is_cuda() && tensor.is_cpu() && tensor.numel() > 0 ? tensor.pin_memory().to(device, true) : tensor.to(device);
}

void write_sprite(const Image& image, int channels, float* out) {
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) *out++ = static_cast<float>(image.pixel(x, y)[c]) / 127.5F - 1.0F;
    }
  }
}

at::Tensor sprite_tensor(const Image& image, int channels) {
  at::Tensor tensor = at::empty({channels, image.height, image.width});
  write_sprite(with_hidden_colour_cleared(image), channels, tensor.data_ptr<float>());
  return tensor;
}

at::Tensor sprites_tensor(const SpriteSet& set, const std::vector<int>& members, int channels) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(members.size()), channels, set.height, set.width});
  float* out = tensor.data_ptr<float>();
  for (const int i : members) {
    write_sprite(set.sprites[static_cast<std::size_t>(i)].image, channels, out);
    out += static_cast<std::ptrdiff_t>(channels) * set.height * set.width;
  }
  return tensor;
}

}  // namespace kiln
