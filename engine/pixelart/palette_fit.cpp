#include "engine/pixelart/palette_fit.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>

#include "engine/base/error.h"
#include "engine/pixelart/colours.h"
#include "engine/pixelart/oklab.h"
#include "engine/pixelart/palette_map.h"

namespace kiln {
namespace {

// k-means++: each further centre is drawn with a chance that grows with its weighted squared distance from those there are.
std::vector<Oklab> first_centres(const std::vector<PaletteFitter::Point>& points, std::size_t count) {
  std::mt19937_64 generator(20200607);
  std::vector<double> chance(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) chance[i] = points[i].weight;
  std::vector<float> distance(points.size(), std::numeric_limits<float>::max());
  std::vector<Oklab> centres;
  while (centres.size() < count) {
    double total = 0;
    for (const double value : chance) total += value;
    if (!(total > 0)) break;
    double left = static_cast<double>(generator() >> 11) * 0x1.0p-53 * total;
    std::size_t chosen = 0;
    while (chosen + 1 < points.size() && (left -= chance[chosen]) >= 0) ++chosen;
    centres.push_back(points[chosen].colour);
    for (std::size_t i = 0; i < points.size(); ++i) {
      distance[i] = std::min(distance[i], squared_distance(points[i].colour, centres.back()));
      chance[i] = points[i].weight * static_cast<double>(distance[i]);
    }
  }
  return centres;
}

}  // namespace

std::vector<Rgb8> dark_to_light(std::vector<Rgb8> colours) {
  std::sort(colours.begin(), colours.end());
  colours.erase(std::unique(colours.begin(), colours.end()), colours.end());
  std::stable_sort(colours.begin(), colours.end(), [](const Rgb8& x, const Rgb8& y) { return to_oklab(x).l < to_oklab(y).l; });
  return colours;
}

PaletteFitter::PaletteFitter(int count) : count_(static_cast<std::size_t>(count)) {
  if (count < 1 || count > 256) {
    throw Failure(ErrorCode::kInvalidArgument, "a palette of " + std::to_string(count) + " colours cannot be made",
                  "choose from 1 to 256 colours");
  }
}

void PaletteFitter::add(const Image& image) {
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] >= kOpaqueAlpha) ++pixels_[{image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]}];
  }
}

void PaletteFitter::begin() {
  begun_ = true;
  for (const auto& [colour, pixels] : pixels_) points_.push_back({to_oklab(colour), static_cast<double>(pixels)});
  done_ = points_.size() <= count_;
  if (done_) return;
  centres_ = first_centres(points_, count_);
  owner_.assign(points_.size(), centres_.size());
}

bool PaletteFitter::refine() {
  if (!begun_) {
    begin();
    return !done_;
  }
  if (done_ || round_++ == kMostRounds) return false;
  bool moved = false;
  struct Sum {
    double l = 0, a = 0, b = 0, weight = 0;
  };
  std::vector<Sum> sums(centres_.size());
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const std::size_t now = nearest(centres_, points_[i].colour);
    moved |= now != owner_[i];
    owner_[i] = now;
    Sum& sum = sums[now];
    const auto& [colour, weight] = points_[i];
    sum.l += weight * colour.l, sum.a += weight * colour.a, sum.b += weight * colour.b, sum.weight += weight;
  }
  done_ = !moved;
  if (done_) return false;
  for (std::size_t i = 0; i < centres_.size(); ++i) {
    const Sum& sum = sums[i];
    if (sum.weight == 0) continue;
    centres_[i] = {static_cast<float>(sum.l / sum.weight), static_cast<float>(sum.a / sum.weight),
                   static_cast<float>(sum.b / sum.weight)};
  }
  return true;
}

Palette PaletteFitter::palette() const {
  std::vector<Rgb8> colours;
  if (centres_.empty()) {
    for (const auto& [colour, pixels] : pixels_) colours.push_back(colour);
  }
  for (const Oklab& centre : centres_) colours.push_back(to_rgb8(centre));
  return {"fitted", dark_to_light(std::move(colours))};
}

Palette fit_palette(const std::vector<Image>& images, int count) {
  PaletteFitter fitter(count);
  for (const Image& image : images) fitter.add(image);
  while (fitter.refine()) {
  }
  return fitter.palette();
}

}  // namespace kiln
