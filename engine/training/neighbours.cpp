#include "engine/training/neighbours.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kiln {
namespace {

constexpr double kOne = 255.0 * 255.0;

void add_premultiplied(const Image& image, std::vector<std::uint16_t>& values) {
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const unsigned alpha = image.rgba[i + 3];
    for (std::size_t c = 0; c < 3; ++c) values.push_back(static_cast<std::uint16_t>(image.rgba[i + c] * alpha));
    values.push_back(static_cast<std::uint16_t>(alpha * 255));
  }
}

double squared_difference(const std::uint16_t* a, const std::uint16_t* b, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t difference = static_cast<std::int64_t>(a[i]) - static_cast<std::int64_t>(b[i]);
    sum += static_cast<std::uint64_t>(difference * difference);
  }
  return static_cast<double>(sum);
}

double distance_of(double squared_sum, std::size_t count) {
  return count == 0 ? 0 : std::sqrt(squared_sum / static_cast<double>(count)) / kOne;
}

}  // namespace

NearestSprites::NearestSprites(const SpriteSet& set, const std::vector<int>& members) : set_(set), members_(members) {
  values_.reserve(members.size() * static_cast<std::size_t>(set.width) * static_cast<std::size_t>(set.height) * 4);
  for (const int i : members) add_premultiplied(set.sprites[static_cast<std::size_t>(i)].image, values_);
}

Neighbour NearestSprites::nearest(const Image& sample) const {
  std::vector<std::uint16_t> wanted;
  add_premultiplied(sample, wanted);
  const std::size_t size = wanted.size();
  double least = std::numeric_limits<double>::infinity();
  std::size_t best = 0;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const double sum = squared_difference(wanted.data(), values_.data() + i * size, size);
    if (sum < least) {
      least = sum;
      best = i;
    }
  }
  const auto& sprite = set_.sprites[static_cast<std::size_t>(members_[best])];
  return {sprite.file, sprite.image, distance_of(least, size)};
}

}  // namespace kiln
