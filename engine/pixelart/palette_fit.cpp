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

namespace kiln {
namespace {

struct Point {
  Oklab colour;
  double weight = 0;
};

std::size_t nearest(const std::vector<Oklab>& centres, const Oklab& colour) {
  std::size_t best = 0;
  float best_distance = std::numeric_limits<float>::max();
  for (std::size_t i = 0; i < centres.size(); ++i) {
    const float distance = squared_distance(centres[i], colour);
    if (distance < best_distance) {
      best_distance = distance;
      best = i;
    }
  }
  return best;
}

// k-means++: each further centre is drawn with a chance that grows with its weighted squared distance from those there are.
std::vector<Oklab> first_centres(const std::vector<Point>& points, std::size_t count) {
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

void refine(std::vector<Oklab>& centres, const std::vector<Point>& points) {
  constexpr int kMostRounds = 40;
  std::vector<std::size_t> owner(points.size(), centres.size());
  for (int round = 0; round < kMostRounds; ++round) {
    bool moved = false;
    struct Sum {
      double l = 0, a = 0, b = 0, weight = 0;
    };
    std::vector<Sum> sums(centres.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::size_t now = nearest(centres, points[i].colour);
      moved |= now != owner[i];
      owner[i] = now;
      Sum& sum = sums[now];
      const auto& [colour, weight] = points[i];
      sum.l += weight * colour.l, sum.a += weight * colour.a, sum.b += weight * colour.b, sum.weight += weight;
    }
    if (!moved) return;
    for (std::size_t i = 0; i < centres.size(); ++i) {
      const Sum& sum = sums[i];
      if (sum.weight == 0) continue;
      centres[i] = {static_cast<float>(sum.l / sum.weight), static_cast<float>(sum.a / sum.weight),
                    static_cast<float>(sum.b / sum.weight)};
    }
  }
}

std::vector<Rgb8> dark_to_light(std::vector<Rgb8> colours) {
  std::sort(colours.begin(), colours.end());
  colours.erase(std::unique(colours.begin(), colours.end()), colours.end());
  std::stable_sort(colours.begin(), colours.end(), [](const Rgb8& x, const Rgb8& y) { return to_oklab(x).l < to_oklab(y).l; });
  return colours;
}

}  // namespace

Palette fit_palette(const std::vector<Image>& images, int count) {
  if (count < 1 || count > 256) {
    throw Failure(ErrorCode::kInvalidArgument, "a palette of " + std::to_string(count) + " colours cannot be made",
                  "choose from 1 to 256 colours");
  }
  std::vector<Point> points;
  std::vector<Rgb8> colours;
  for (const auto& [colour, pixels] : colour_histogram(images)) {
    points.push_back({to_oklab(colour), static_cast<double>(pixels)});
    colours.push_back(colour);
  }
  if (colours.size() > static_cast<std::size_t>(count)) {
    std::vector<Oklab> centres = first_centres(points, static_cast<std::size_t>(count));
    refine(centres, points);
    colours.clear();
    for (const Oklab& centre : centres) colours.push_back(to_rgb8(centre));
  }
  return {"fitted", dark_to_light(std::move(colours))};
}

Image map_to_palette(const Image& image, const Palette& palette) {
  if (palette.colours.empty()) {
    throw Failure(ErrorCode::kInvalidArgument, "the palette “" + palette.name + "” has no colours", "choose another palette");
  }
  std::vector<Oklab> centres;
  for (const Rgb8& colour : palette.colours) centres.push_back(to_oklab(colour));
  std::map<Rgb8, Rgb8> known;
  for (const Rgb8& colour : distinct_colours(image)) known[colour] = palette.colours[nearest(centres, to_oklab(colour))];
  Image mapped(image.width, image.height);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] < kOpaqueAlpha) continue;
    const Rgb8 colour = known[{image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]}];
    mapped.rgba[i] = colour.r, mapped.rgba[i + 1] = colour.g, mapped.rgba[i + 2] = colour.b, mapped.rgba[i + 3] = 255;
  }
  return mapped;
}

}  // namespace kiln
