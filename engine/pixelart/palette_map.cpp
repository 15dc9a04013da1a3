#include "engine/pixelart/palette_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/error.h"
#include "engine/pixelart/colours.h"

namespace kiln {
namespace {

// What each of at most two neighbours of the same colour is worth, in the palette's spacing: with it, as many pixels of the bundled
// model's sprites differ from all their neighbours as of drawn ones (an eighth).
constexpr float kNeighbourWorth = 0.24F;
constexpr int kMostNeighbours = 2;
constexpr int kMostPasses = 3;

float median_spacing(const std::vector<Oklab>& places) {
  std::vector<float> spacing;
  spacing.reserve(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    float least = std::numeric_limits<float>::max();
    for (std::size_t j = 0; j < places.size(); ++j) {
      if (i != j) least = std::min(least, squared_distance(places[i], places[j]));
    }
    spacing.push_back(std::sqrt(least));
  }
  if (spacing.size() < 2) return 0;
  const auto middle = spacing.begin() + static_cast<std::ptrdiff_t>(spacing.size() / 2);
  std::nth_element(spacing.begin(), middle, spacing.end());
  return *middle;
}

constexpr int kNone = -1;  // the label of a transparent pixel

// How many of the eight neighbours have each label.
void count_neighbours(const std::vector<int>& labels, int width, int height, int x, int y, std::vector<int>& counts) {
  std::fill(counts.begin(), counts.end(), 0);
  for (int ny = std::max(0, y - 1); ny <= std::min(height - 1, y + 1); ++ny) {
    for (int nx = std::max(0, x - 1); nx <= std::min(width - 1, x + 1); ++nx) {
      const int label = labels[static_cast<std::size_t>(ny) * static_cast<std::size_t>(width) + static_cast<std::size_t>(nx)];
      if (label != kNone && (nx != x || ny != y)) ++counts[static_cast<std::size_t>(label)];
    }
  }
}

template <class Place>
std::size_t nearest_of(const std::vector<Place>& places, const Place& place) {
  std::size_t best = 0;
  float best_distance = std::numeric_limits<float>::max();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const float distance = squared_distance(places[i], place);
    if (distance < best_distance) {
      best_distance = distance;
      best = i;
    }
  }
  return best;
}

}  // namespace

std::size_t nearest(const std::vector<Oklab>& colours, const Oklab& colour) { return nearest_of(colours, colour); }
std::size_t nearest(const std::vector<OklabAlpha>& pixels, const OklabAlpha& pixel) { return nearest_of(pixels, pixel); }

PaletteMap::PaletteMap(const Palette& palette) : colours_(palette.colours) {
  if (colours_.empty()) {
    throw Failure(ErrorCode::kInvalidArgument, "the palette “" + palette.name + "” has no colours", "choose another palette");
  }
  for (const Rgb8& colour : colours_) places_.push_back(to_oklab(colour));
  spacing_ = median_spacing(places_);
}

Image PaletteMap::smoothly(const Image& image) const {
  const std::size_t pixels = image.rgba.size() / 4, colours = colours_.size();
  std::vector<float> distances(pixels * colours);
  std::vector<int> labels(pixels, kNone);
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* pixel = &image.rgba[4 * i];
    if (pixel[3] == 0) continue;
    const Oklab place = to_oklab({pixel[0], pixel[1], pixel[2]});
    const auto row = distances.begin() + static_cast<std::ptrdiff_t>(i * colours);
    for (std::size_t c = 0; c < colours; ++c) row[static_cast<std::ptrdiff_t>(c)] = std::sqrt(squared_distance(place, places_[c]));
    labels[i] = static_cast<int>(std::min_element(row, row + static_cast<std::ptrdiff_t>(colours)) - row);
  }
  // All pixels at once, so that what is symmetric stays so.
  std::vector<int> counts(colours), before;
  for (int pass = 0; pass < kMostPasses && labels != before; ++pass) {
    before = labels;
    for (std::size_t i = 0; i < pixels; ++i) {
      if (before[i] == kNone) continue;
      count_neighbours(before, image.width, image.height, static_cast<int>(i) % image.width, static_cast<int>(i) / image.width,
                       counts);
      float least = std::numeric_limits<float>::max();
      for (std::size_t c = 0; c < colours; ++c) {
        const auto alike = static_cast<float>(std::min(counts[c], kMostNeighbours));
        const float cost = distances[i * colours + c] - kNeighbourWorth * spacing_ * alike;
        if (cost < least) least = cost, labels[i] = static_cast<int>(c);
      }
    }
  }
  Image mapped = image;
  for (std::size_t i = 0; i < pixels; ++i) {
    if (labels[i] == kNone) continue;
    const Rgb8 colour = colours_[static_cast<std::size_t>(labels[i])];
    mapped.rgba[4 * i] = colour.r, mapped.rgba[4 * i + 1] = colour.g, mapped.rgba[4 * i + 2] = colour.b;
  }
  return mapped;
}

Image map_to_palette(const Image& image, const Palette& palette) {
  const PaletteMap map(palette);
  std::map<Rgb8, Rgb8> known;
  for (const Rgb8& colour : distinct_colours(image)) known[colour] = map.nearest(colour);
  Image mapped(image.width, image.height);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] < kOpaqueAlpha) continue;
    const Rgb8 colour = known[{image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]}];
    mapped.rgba[i] = colour.r, mapped.rgba[i + 1] = colour.g, mapped.rgba[i + 2] = colour.b, mapped.rgba[i + 3] = 255;
  }
  return mapped;
}

Image map_to_entries(const Image& image, const PaletteEntries& entries) {
  if (entries.empty())
    throw Failure(ErrorCode::kInvalidArgument, "a palette without colours has none for a sprite", "choose another palette");
  std::vector<OklabAlpha> places;
  places.reserve(entries.size());
  for (const Rgba8& entry : entries) places.push_back(to_oklab_alpha(entry));
  std::map<Rgba8, Rgba8> known;
  Image mapped(image.width, image.height);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const std::uint8_t* from = &image.rgba[i];
    const Rgba8 pixel = from[3] == 0 ? kTransparent : Rgba8{from[0], from[1], from[2], from[3]};
    const auto [found, is_new] = known.try_emplace(pixel);
    if (is_new) found->second = entries[nearest(places, to_oklab_alpha(pixel))];
    const Rgba8& entry = found->second;
    std::uint8_t* to = &mapped.rgba[i];
    to[0] = entry.r, to[1] = entry.g, to[2] = entry.b, to[3] = entry.a;
  }
  return mapped;
}

}  // namespace kiln
