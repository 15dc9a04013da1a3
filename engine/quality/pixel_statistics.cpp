#include "engine/quality/pixel_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/pixelart/colours.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/oklab.h"
#include "engine/quality/visible_difference.h"

namespace kiln {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostPaletteColours = 256;
constexpr double kLightnessMargin = 0.05, kMayBreakSymmetry = 0.05;

Rgb8 colour_of(const std::uint8_t* pixel) { return {pixel[0], pixel[1], pixel[2]}; }

// Calls visit(pixel, x, y) for every opaque pixel.
template <class Visit>
void for_opaque(const Image& image, Visit visit) {
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (const auto* pixel = image.pixel(x, y); is_opaque(pixel)) visit(pixel, x, y);
    }
  }
}

// The pixel at (x, y); null outside the image.
const std::uint8_t* pixel_or_null(const Image& image, int x, int y) {
  return x >= 0 && y >= 0 && x < image.width && y < image.height ? image.pixel(x, y) : nullptr;
}

bool on_edge(const Image& image, int x, int y) {
  for (const auto& [dx, dy] : {std::pair(1, 0), std::pair(-1, 0), std::pair(0, 1), std::pair(0, -1)}) {
    const auto* neighbour = pixel_or_null(image, x + dx, y + dy);
    if (neighbour != nullptr && !is_opaque(neighbour)) return true;
  }
  return false;
}

struct Neighbours {
  int opaque = 0, different = 0;  // of eight
};
Neighbours neighbours_of(const Image& image, int x, int y) {
  Neighbours found;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      const auto* neighbour = pixel_or_null(image, x + dx, y + dy);
      if ((dx == 0 && dy == 0) || neighbour == nullptr || !is_opaque(neighbour)) continue;
      ++found.opaque;
      found.different += differs_visibly(neighbour, image.pixel(x, y));
    }
  }
  return found;
}

bool is_symmetric(const Image& image) {
  const Image own = cropped_to_content(image);
  int together = 0, different = 0;
  for (int y = 0; y < own.height; ++y) {
    for (int x = 0; x < own.width; ++x) {
      const auto *a = own.pixel(x, y), *b = own.pixel(own.width - 1 - x, y);
      if (!is_opaque(a) && !is_opaque(b)) continue;
      ++together;
      different += is_opaque(a) != is_opaque(b) || differs_visibly(a, b);
    }
  }
  return together > 0 && different <= kMayBreakSymmetry * together;
}

double lightness(const std::uint8_t* pixel) { return to_oklab(colour_of(pixel)).l; }

}  // namespace

PixelHabit pixel_habit(const std::vector<Image>& images) {
  PixelHabit habit;
  std::vector<double> edges;
  bool too_many = false;
  for (const auto& image : images) {
    for_opaque(image, [&](const std::uint8_t* pixel, int x, int y) {
      if (!too_many) habit.palette.insert(colour_of(pixel));
      too_many = too_many || habit.palette.size() > kMostPaletteColours;
      if (on_edge(image, x, y)) edges.push_back(lightness(pixel));
    });
  }
  if (too_many) habit.palette.clear();
  if (!edges.empty()) {
    const auto middle = edges.begin() + static_cast<std::ptrdiff_t>(edges.size() / 2);
    std::nth_element(edges.begin(), middle, edges.end());
    habit.outline_lightness = *middle + kLightnessMargin;
  }
  return habit;
}

PixelStatistics pixel_statistics(const Image& image, const PixelHabit& habit) {
  PixelStatistics found;
  std::map<Rgb8, int> counts;
  int opaque = 0, off_palette = 0, spots = 0, edge = 0, outline = 0, visible = 0, half = 0;
  for_opaque(image, [&](const std::uint8_t* pixel, int x, int y) {
    ++opaque;
    ++counts[colour_of(pixel)];
    off_palette += !habit.palette.contains(colour_of(pixel));
    const Neighbours neighbours = neighbours_of(image, x, y);
    found.strays += neighbours.opaque == 0;
    spots += neighbours.opaque >= 3 && neighbours.different == neighbours.opaque;
    if (!on_edge(image, x, y)) return;
    ++edge;
    outline += lightness(pixel) <= habit.outline_lightness;
  });
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) {
    visible += image.rgba[i] > 0;
    half += image.rgba[i] > 0 && image.rgba[i] < 255;
  }
  const auto share = [](int part, int whole) { return whole == 0 ? 0.0 : static_cast<double>(part) / whole; };
  found.colours = static_cast<int>(counts.size());
  for (const auto& [colour, count] : counts) found.entropy -= share(count, opaque) * std::log2(share(count, opaque));
  found.off_palette = habit.palette.empty() ? kNaN : share(off_palette, opaque);
  found.half_transparent = share(half, visible);
  found.spots = share(spots, opaque);
  found.outline = edge == 0 ? kNaN : share(outline, edge);
  found.symmetric = is_symmetric(image);
  return found;
}

double wasserstein_distance(std::vector<double> a, std::vector<double> b) {
  if (a.empty() || b.empty()) return 0;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double area = 0, at = std::min(a.front(), b.front());
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const double next = j == b.size() || (i < a.size() && a[i] <= b[j]) ? a[i] : b[j];
    area += (next - at) * std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                   static_cast<double>(j) / static_cast<double>(b.size()));
    at = next;
    while (i < a.size() && a[i] == at) ++i;
    while (j < b.size() && b[j] == at) ++j;
  }
  return area;
}

}  // namespace kiln
