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
std::vector<OklabAlpha> first_centres(const std::vector<PaletteFitter::Point>& points, std::size_t count) {
  std::mt19937_64 generator(20200607);
  std::vector<double> chance(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) chance[i] = points[i].weight;
  std::vector<float> distance(points.size(), std::numeric_limits<float>::max());
  std::vector<OklabAlpha> centres;
  while (centres.size() < count) {
    double total = 0;
    for (const double value : chance) total += value;
    if (!(total > 0)) break;
    double left = static_cast<double>(generator() >> 11) * 0x1.0p-53 * total;
    std::size_t chosen = 0;
    while (chosen + 1 < points.size() && (left -= chance[chosen]) >= 0) ++chosen;
    centres.push_back(points[chosen].place);
    for (std::size_t i = 0; i < points.size(); ++i) {
      distance[i] = std::min(distance[i], squared_distance(points[i].place, centres.back()));
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

PaletteFitter::PaletteFitter(int count, Pixels pixels) : count_(static_cast<std::size_t>(count)), which_(pixels) {
  if (count < 1 || count > 256) {
    throw Failure(ErrorCode::kInvalidArgument, "a palette of " + std::to_string(count) + " colours cannot be made",
                  "choose from 1 to 256 colours");
  }
}

void PaletteFitter::add(const Image& image) {
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const std::uint8_t* pixel = &image.rgba[i];
    if (which_ == Pixels::kOpaque ? pixel[3] < kOpaqueAlpha : pixel[3] == 0) continue;
    ++pixels_[{pixel[0], pixel[1], pixel[2], which_ == Pixels::kOpaque ? std::uint8_t{255} : pixel[3]}];
  }
}

void PaletteFitter::begin() {
  begun_ = true;
  for (const auto& [colour, pixels] : pixels_) points_.push_back({to_oklab_alpha(colour), static_cast<double>(pixels)});
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
    double l = 0, a = 0, b = 0, alpha = 0, weight = 0;
  };
  std::vector<Sum> sums(centres_.size());
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const std::size_t now = nearest(centres_, points_[i].place);
    moved |= now != owner_[i];
    owner_[i] = now;
    Sum& sum = sums[now];
    const auto& [place, weight] = points_[i];
    sum.l += weight * place.colour.l, sum.a += weight * place.colour.a, sum.b += weight * place.colour.b;
    sum.alpha += weight * place.alpha, sum.weight += weight;
  }
  done_ = !moved;
  if (done_) return false;
  for (std::size_t i = 0; i < centres_.size(); ++i) {
    const Sum& sum = sums[i];
    if (sum.weight == 0) continue;
    centres_[i] = {
        {static_cast<float>(sum.l / sum.weight), static_cast<float>(sum.a / sum.weight), static_cast<float>(sum.b / sum.weight)},
        static_cast<float>(sum.alpha / sum.weight)};
  }
  return true;
}

std::vector<Rgba8> PaletteFitter::fitted() const {
  std::vector<Rgba8> pixels;
  if (centres_.empty()) {
    for (const auto& [pixel, count] : pixels_) pixels.push_back(pixel);
  }
  for (const OklabAlpha& centre : centres_) pixels.push_back(to_rgba8(centre));
  return pixels;
}

Palette PaletteFitter::palette() const {
  std::vector<Rgb8> colours;
  for (const Rgba8& pixel : fitted()) colours.push_back({pixel.r, pixel.g, pixel.b});
  return {"fitted", dark_to_light(std::move(colours))};
}

PaletteEntries PaletteFitter::entries() const {
  std::vector<Rgba8> pixels = fitted();
  std::erase(pixels, kTransparent);
  std::sort(pixels.begin(), pixels.end());
  pixels.erase(std::unique(pixels.begin(), pixels.end()), pixels.end());
  std::stable_sort(pixels.begin(), pixels.end(), [](const Rgba8& x, const Rgba8& y) {
    return to_oklab(Rgb8{x.r, x.g, x.b}).l < to_oklab(Rgb8{y.r, y.g, y.b}).l;
  });
  pixels.insert(pixels.begin(), kTransparent);
  return pixels;
}

namespace {

PaletteFitter fitted_to(const std::vector<Image>& images, int count, PaletteFitter::Pixels pixels) {
  PaletteFitter fitter(count, pixels);
  for (const Image& image : images) fitter.add(image);
  while (fitter.refine()) {
  }
  return fitter;
}

}  // namespace

Palette fit_palette(const std::vector<Image>& images, int count) {
  return fitted_to(images, count, PaletteFitter::Pixels::kOpaque).palette();
}

PaletteEntries fit_entries(const std::vector<Image>& images, int count) {
  return fitted_to(images, count, PaletteFitter::Pixels::kAll).entries();
}

}  // namespace kiln
