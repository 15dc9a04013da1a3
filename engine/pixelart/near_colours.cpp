#include "engine/pixelart/near_colours.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

#include "engine/pixelart/oklab.h"
#include "engine/pixelart/reference_lightness.h"

namespace kiln {
namespace {

struct Used {
  Rgba8 pixel;
  OklabAlpha place;  // with that lightness
  std::size_t pixels;
};

std::vector<Used> colours_used(const Image& image) {
  std::map<Rgba8, std::size_t> counts;
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const std::uint8_t* pixel = &image.rgba[i];
    if (pixel[3] > 0) ++counts[{pixel[0], pixel[1], pixel[2], pixel[3]}];
  }
  std::vector<Used> used;
  used.reserve(counts.size());
  for (const auto& [pixel, count] : counts) {
    const OklabAlpha own = to_oklab_alpha(pixel);
    OklabAlpha place = own;
    place.colour.l = reference_lightness(to_oklab(Rgb8{pixel.r, pixel.g, pixel.b}).l) * own.alpha;
    used.push_back({pixel, place, count});
  }
  std::stable_sort(used.begin(), used.end(), [](const Used& a, const Used& b) { return a.place.colour.l < b.place.colour.l; });
  return used;
}

// Which colours, in order of lightness, are no farther apart than a distance.
class Nearness {
 public:
  Nearness(const std::vector<Used>& used, float distance) : used_(used), distance_(distance) {}

  // From dark to light, itself included.
  template <class Visit>
  void visit(std::size_t index, Visit each) const {
    const OklabAlpha& place = used_[index].place;
    std::size_t first = index;
    while (first > 0 && place.colour.l - used_[first - 1].place.colour.l <= distance_) --first;
    for (std::size_t i = first; i < used_.size() && used_[i].place.colour.l - place.colour.l <= distance_; ++i) {
      if (squared_distance(used_[i].place, place) <= distance_ * distance_) each(i);
    }
  }

 private:
  const std::vector<Used>& used_;
  float distance_;
};

bool is_extreme(const Rgba8& pixel) { return pixel.r == pixel.g && pixel.g == pixel.b && (pixel.r == 0 || pixel.r == 255); }

// Black or white, where a member is that: noise around them is cut off there. Else the pixel that most of the members are, if it is
// one more than any other; else their median, channel by channel.
Rgba8 common_pixel(const std::vector<const Used*>& members) {
  for (const Used* each : members) {
    if (is_extreme(each->pixel)) return each->pixel;
  }
  std::size_t most = 0, second = 0;
  const Used* mode = members.front();
  for (const Used* each : members) {
    if (each->pixels > most) {
      second = most;
      most = each->pixels;
      mode = each;
    } else {
      second = std::max(second, each->pixels);
    }
  }
  if (most > second) return mode->pixel;
  const auto median = [&](std::uint8_t Rgba8::*channel) {
    std::array<std::size_t, 256> counts{};
    std::size_t pixels = 0, below = 0;
    for (const Used* each : members) {
      counts[each->pixel.*channel] += each->pixels;
      pixels += each->pixels;
    }
    std::size_t value = 0;
    while ((below += counts[value]) * 2 < pixels) ++value;
    return static_cast<std::uint8_t>(value);
  };
  return {median(&Rgba8::r), median(&Rgba8::g), median(&Rgba8::b), median(&Rgba8::a)};
}

}  // namespace

Image with_near_colours_merged(const Image& image, double distance) {
  const std::vector<Used> used = colours_used(image);
  const Nearness nearness(used, static_cast<float>(distance));
  std::vector<std::size_t> around(used.size()), order(used.size());
  for (std::size_t i = 0; i < used.size(); ++i) nearness.visit(i, [&](std::size_t j) { around[i] += used[j].pixels; });
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return around[a] > around[b]; });
  std::map<Rgba8, Rgba8> becomes;
  for (const std::size_t centre : order) {
    if (becomes.contains(used[centre].pixel)) continue;
    std::vector<const Used*> members;
    nearness.visit(centre, [&](std::size_t i) {
      if (!becomes.contains(used[i].pixel)) members.push_back(&used[i]);
    });
    const Rgba8 colour = common_pixel(members);
    for (const Used* each : members) becomes[each->pixel] = colour;
  }
  Image merged = image;
  for (std::size_t i = 0; i < merged.rgba.size(); i += 4) {
    std::uint8_t* pixel = &merged.rgba[i];
    if (pixel[3] == 0) continue;
    const Rgba8 colour = becomes.at({pixel[0], pixel[1], pixel[2], pixel[3]});
    pixel[0] = colour.r, pixel[1] = colour.g, pixel[2] = colour.b, pixel[3] = colour.a;
  }
  return merged;
}

}  // namespace kiln
