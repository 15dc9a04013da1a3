#include "engine/pixelart/recolour.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include "engine/base/error.h"
#include "engine/pixelart/gamut.h"
#include "engine/pixelart/oklab.h"
#include "engine/pixelart/palette_fit.h"

namespace kiln {
namespace {

constexpr double kGreyChroma = 0.03, kRampHues = 45;

double hue_of(const Oklab& colour) {
  const double degrees = std::atan2(colour.b, colour.a) * 180 / std::numbers::pi;
  return degrees < 0 ? degrees + 360 : degrees;
}

struct Hued {
  double hue = 0;
  Rgb8 colour;
  friend auto operator<=>(const Hued&, const Hued&) = default;
};

// Turned so that the first one comes after the widest gap.
void begin_after_widest_gap(std::vector<Hued>& hues) {
  std::size_t first = 0;
  double widest = -1;
  for (std::size_t i = 0; i < hues.size(); ++i) {
    const double before = i == 0 ? hues.back().hue - 360 : hues[i - 1].hue;
    if (hues[i].hue - before > widest) {
      widest = hues[i].hue - before;
      first = i;
    }
  }
  for (std::size_t i = 0; i < first; ++i) hues[i].hue += 360;
  std::rotate(hues.begin(), hues.begin() + static_cast<std::ptrdiff_t>(first), hues.end());
}

std::vector<Oklab> places_of(const std::vector<Rgb8>& colours) {
  std::vector<Oklab> places;
  places.reserve(colours.size());
  for (const Rgb8& colour : colours) places.push_back(to_oklab(colour));
  return places;
}

// For each of `source` one of `target`, both from dark to light: the nearest that keep the order, by dynamic programming.
// best[i][j] is the sum of distances of the first i + 1 when the last of them goes to j.
std::vector<std::size_t> match_in_order(const std::vector<Oklab>& source, const std::vector<Oklab>& target) {
  const std::size_t n = source.size(), m = target.size();
  const std::size_t step = n <= m ? 1 : 0;  // 1: different ones stay different
  constexpr double kNever = std::numeric_limits<double>::infinity();
  std::vector<std::vector<double>> best(n, std::vector<double>(m));
  std::vector<std::vector<std::size_t>> before(n, std::vector<std::size_t>(m, 0));
  for (std::size_t i = 0; i < n; ++i) {
    double least = i == 0 ? 0 : kNever;
    std::size_t where = 0;
    for (std::size_t j = 0; j < m; ++j) {
      if (i > 0 && j >= step && best[i - 1][j - step] < least) least = best[i - 1][where = j - step];
      best[i][j] = least + static_cast<double>(squared_distance(source[i], target[j]));
      before[i][j] = where;
    }
  }
  std::vector<std::size_t> match(n);
  std::size_t j = static_cast<std::size_t>(std::min_element(best[n - 1].begin(), best[n - 1].end()) - best[n - 1].begin());
  for (std::size_t i = n; i-- > 0; j = before[i][j]) match[i] = j;
  return match;
}

}  // namespace

std::vector<Rgb8> visible_colours(const std::vector<Image>& images) {
  std::set<Rgb8> colours;
  for (const Image& image : images) {
    for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4) {
      if (image.rgba[i + 3] > 0) colours.insert({image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]});
    }
  }
  return {colours.begin(), colours.end()};
}

std::vector<std::vector<Rgb8>> ramps(const std::vector<Rgb8>& colours) {
  std::vector<std::vector<Rgb8>> found;
  std::vector<Rgb8> greys;
  std::vector<Hued> hues;
  for (const Rgb8& colour : colours) {
    const Oklab lab = to_oklab(colour);
    if (std::hypot(lab.a, lab.b) < kGreyChroma) {
      greys.push_back(colour);
    } else {
      hues.push_back({hue_of(lab), colour});
    }
  }
  if (!greys.empty()) found.push_back(dark_to_light(std::move(greys)));
  std::sort(hues.begin(), hues.end());
  begin_after_widest_gap(hues);
  for (std::size_t first = 0, i = 0; i < hues.size(); first = i) {
    std::vector<Rgb8> ramp;
    for (; i < hues.size() && hues[i].hue - hues[first].hue <= kRampHues; ++i) ramp.push_back(hues[i].colour);
    found.push_back(dark_to_light(std::move(ramp)));
  }
  return found;
}

ColourMap match_ramps(const std::vector<Rgb8>& colours, const Palette& palette) {
  if (palette.colours.empty()) {
    throw Failure(ErrorCode::kInvalidArgument, "the palette “" + palette.name + "” has no colours", "choose another palette");
  }
  const std::vector<Rgb8> target = dark_to_light(palette.colours);
  const std::vector<Oklab> target_places = places_of(target);
  ColourMap map;
  for (const std::vector<Rgb8>& ramp : ramps(colours)) {
    const std::vector<std::size_t> match = match_in_order(places_of(ramp), target_places);
    for (std::size_t i = 0; i < ramp.size(); ++i) map[ramp[i]] = target[match[i]];
  }
  return map;
}

ColourMap turn_hue(const std::vector<Rgb8>& colours, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  const auto cosine = static_cast<float>(std::cos(angle)), sine = static_cast<float>(std::sin(angle));
  ColourMap map;
  for (const Rgb8& colour : colours) {
    if (degrees == 0) {
      map[colour] = colour;
      continue;
    }
    const Oklab lab = to_oklab(colour);
    map[colour] = to_rgb8_by_chroma({lab.l, lab.a * cosine - lab.b * sine, lab.a * sine + lab.b * cosine});
  }
  return map;
}

ColourMap then(const ColourMap& first, const ColourMap& second) {
  ColourMap map = first;
  for (auto& [from, to] : map) {
    if (const auto found = second.find(to); found != second.end()) to = found->second;
  }
  return map;
}

Image recoloured(const Image& image, const ColourMap& map) {
  Image out = image;
  for (std::size_t i = 0; i + 3 < out.rgba.size(); i += 4) {
    if (out.rgba[i + 3] == 0) continue;
    const auto found = map.find({out.rgba[i], out.rgba[i + 1], out.rgba[i + 2]});
    if (found == map.end()) continue;
    out.rgba[i] = found->second.r, out.rgba[i + 1] = found->second.g, out.rgba[i + 2] = found->second.b;
  }
  return out;
}

std::vector<Image> recolour_variants(const Image& image, int count, const Palette* palette) {
  const std::vector<Rgb8> colours = visible_colours({image});
  std::vector<Image> variants;
  for (int i = 1; i <= count; ++i) {
    ColourMap map = turn_hue(colours, 360.0 * i / (count + 1));
    if (palette) {
      std::vector<Rgb8> turned;
      for (const auto& [from, to] : map) turned.push_back(to);
      map = then(map, match_ramps(turned, *palette));
    }
    Image variant = recoloured(image, map);
    if (variant != image && std::find(variants.begin(), variants.end(), variant) == variants.end())
      variants.push_back(std::move(variant));
  }
  return variants;
}

}  // namespace kiln
