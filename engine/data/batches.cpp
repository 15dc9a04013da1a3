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

// Row by row, the channels of a pixel together; returns what follows.
std::uint8_t* write_picture(const Image& image, int channels, std::uint8_t* out) {
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) out = std::copy_n(image.rgba.data() + i, channels, out);
  return out;
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
                         double balance, std::uint64_t seed, c10::Device device, std::size_t most_resident)
    : augmentation_(std::move(augmentation)), seed_(seed), device_(device), channels_(channels) {
  std::vector<std::vector<int>> by_class(set.classes.size());
  for (std::size_t place = 0; place < members.size(); ++place) {
    const LabelledSprite& sprite = set.sprites[static_cast<std::size_t>(members[place])];
    by_class[static_cast<std::size_t>(sprite.class_index)].push_back(static_cast<int>(place));
  }
  picture_classes_ = class_numbers(set, members);
  double sum = 0;
  for (std::size_t c = 0; c < by_class.size(); ++c) {
    if (by_class[c].empty()) continue;
    sum += std::pow(static_cast<double>(by_class[c].size()), 1 - balance);
    const auto& flips = augmentation_.flip_classes;
    classes_.push_back({flips.contains("*") || flips.contains(set.classes[c]), sum, std::move(by_class[c])});
  }
  for (auto& entry : classes_) entry.up_to /= sum;
  const auto picture_bytes =
      static_cast<std::size_t>(set.width) * static_cast<std::size_t>(set.height) * static_cast<std::size_t>(channels);
  if (members.size() * picture_bytes > most_resident)
    stream_pictures(set, members, seed);
  else
    keep_pictures(set, members);
}

void BatchSource::keep_pictures(const SpriteSet& set, const std::vector<int>& members) {
  pictures_ = at::empty({static_cast<std::int64_t>(members.size()), set.height, set.width, channels_}, at::kByte);
  std::uint8_t* out = pictures_.data_ptr<std::uint8_t>();
  for (const int member : members) {
    const Image& image = set.sprites[static_cast<std::size_t>(member)].image;
    margins_.push_back(margins_of(image));
    out = write_picture(image, channels_, out);
  }
  pictures_ = pictures_.to(device_);
}

void BatchSource::stream_pictures(const SpriteSet& set, const std::vector<int>& members, std::uint64_t seed) {
  for (const int member : members) streamed_.push_back(set.sprites[static_cast<std::size_t>(member)].image);
  class_of_.resize(members.size());
  std::vector<double> weights(members.size());
  double before = 0;
  for (std::size_t c = 0; c < classes_.size(); ++c) {
    for (const int place : classes_[c].members) {
      class_of_[static_cast<std::size_t>(place)] = static_cast<int>(c);
      weights[static_cast<std::size_t>(place)] = (classes_[c].up_to - before) / static_cast<double>(classes_[c].members.size());
    }
    before = classes_[c].up_to;
    classes_[c].members = {};
  }
  order_.emplace(weights, seed);
}

BatchSource::Choice BatchSource::choose(std::int64_t number, int size, int row) const {
  CounterRandom random(seed_, static_cast<std::uint64_t>(number), static_cast<std::uint64_t>(row));
  const Class* of = nullptr;
  std::size_t place = 0;
  if (order_) {
    place = order_->at(static_cast<std::uint64_t>(number) * static_cast<std::uint64_t>(size) + static_cast<std::uint64_t>(row));
    of = &classes_[static_cast<std::size_t>(class_of_[place])];
  } else {
    const double drawn = random.unit();
    of = &*std::find_if(classes_.begin(), classes_.end() - 1, [&](const Class& c) { return drawn < c.up_to; });
    place = static_cast<std::size_t>(of->members[random.below(of->members.size())]);
  }
  const bool augmented = augmentation_.share >= 1 || random.unit() < augmentation_.share;
  const int shift = augmented ? augmentation_.shift : 0;
  const bool flip = augmented && of->may_flip && random.below(2) == 1;
  Margins margins = order_ ? margins_of(streamed_[place]) : margins_[place];
  if (flip) std::swap(margins.left, margins.right);
  const int dx = draw_shift(random, margins.left, margins.right, shift);
  const int dy = draw_shift(random, margins.top, margins.bottom, shift);
  return {static_cast<std::int64_t>(place), flip ? 1 : 0, dx, dy};
}

at::Tensor BatchSource::gathered(const at::Tensor& places) const {
  const auto places_of = places.accessor<std::int64_t, 1>();
  const Image& first = streamed_.front();
  at::Tensor pictures = at::empty({places.size(0), first.height, first.width, channels_}, at::kByte);
  std::uint8_t* out = pictures.data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < places.size(0); ++i)
    out = write_picture(streamed_[static_cast<std::size_t>(places_of[i])], channels_, out);
  return sent_to(pictures, device_);
}

Batch BatchSource::batch(std::int64_t number, int size) const {
  at::Tensor choices = at::empty({4, size}, at::kLong);
  auto chosen = choices.accessor<std::int64_t, 2>();
  for (int i = 0; i < size; ++i) {
    const Choice choice = choose(number, size, i);
    chosen[0][i] = choice.place;
    chosen[1][i] = choice.flip;
    chosen[2][i] = choice.dx;
    chosen[3][i] = choice.dy;
  }
  const at::Tensor on_device = sent_to(choices, device_);
  const at::Tensor pictures = order_ ? gathered(choices[0]) : pictures_;
  const at::Tensor places = order_ ? at::arange(size, on_device.options()) : on_device[0];
  return {moved_pictures(pictures, places, on_device[1], on_device[2], on_device[3]), picture_classes_.index_select(0, choices[0]),
          augmentation_labels(on_device[1], on_device[2], on_device[3])};
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
