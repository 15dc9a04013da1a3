#include "engine/training/neighbours.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kiln {
namespace {

constexpr double kOne = 255.0 * 255.0;

std::vector<std::uint16_t> premultiplied(const Image& image) {
  std::vector<std::uint16_t> values;
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const unsigned alpha = image.rgba[i + 3];
    for (std::size_t c = 0; c < 3; ++c) values.push_back(static_cast<std::uint16_t>(image.rgba[i + c] * alpha));
    values.push_back(static_cast<std::uint16_t>(alpha * 255));
  }
  return values;
}

// Summed row by row, and no further than `enough`.
std::uint64_t squared_difference(const std::vector<std::uint16_t>& wanted, const Image& image, std::uint64_t enough) {
  const auto row = static_cast<std::size_t>(image.width) * 4;
  const auto squared = [&](std::size_t value, unsigned other) {
    const std::int64_t difference = static_cast<std::int64_t>(wanted[value]) - static_cast<std::int64_t>(other);
    return static_cast<std::uint64_t>(difference * difference);
  };
  std::uint64_t sum = 0;
  for (std::size_t begin = 0; begin < wanted.size() && sum < enough; begin += row) {
    for (std::size_t i = begin; i < begin + row; i += 4) {
      const std::uint8_t* pixel = image.rgba.data() + i;
      for (std::size_t c = 0; c < 3; ++c) sum += squared(i + c, unsigned{pixel[c]} * pixel[3]);
      sum += squared(i + 3, unsigned{pixel[3]} * 255);
    }
  }
  return sum;
}

double distance_of(double squared_sum, std::size_t count) {
  return count == 0 ? 0 : std::sqrt(squared_sum / static_cast<double>(count)) / kOne;
}

}  // namespace

NearestSprites::NearestSprites(const SpriteSet& set, const std::vector<int>& members) : set_(set), members_(members) {}

Neighbour NearestSprites::nearest(const Image& sample) const {
  const std::vector<std::uint16_t> wanted = premultiplied(sample);
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  const LabelledSprite* best = &set_.sprites[static_cast<std::size_t>(members_.front())];
  for (const int member : members_) {
    const LabelledSprite& sprite = set_.sprites[static_cast<std::size_t>(member)];
    const std::uint64_t sum = squared_difference(wanted, sprite.image, least);
    if (sum >= least) continue;
    least = sum;
    best = &sprite;
  }
  return {best->file, best->image, distance_of(static_cast<double>(least), wanted.size())};
}

}  // namespace kiln
