#include "engine/pixelart/fewer_colours.h"

#include <cstddef>
#include <limits>
#include <map>
#include <vector>

#include "engine/base/palette.h"
#include "engine/pixelart/oklab.h"

namespace kiln {
namespace {

struct Used {
  Rgb8 colour;
  Oklab place;
  std::size_t pixels = 0;
  std::size_t becomes = 0;  // itself, while it is there
};

std::vector<Used> colours_used(const Image& image) {
  std::map<Rgb8, std::size_t> counts;
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] > 0) ++counts[{image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]}];
  }
  std::vector<Used> used;
  used.reserve(counts.size());
  for (const auto& [colour, pixels] : counts) used.push_back({colour, to_oklab(colour), pixels, used.size()});
  return used;
}

struct Nearest {
  std::size_t index = 0;
  float distance = std::numeric_limits<float>::max();
};

Nearest nearest_other(const std::vector<Used>& used, std::size_t of) {
  Nearest best;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (i == of || used[i].becomes != i) continue;
    const float distance = squared_distance(used[i].place, used[of].place);
    if (distance < best.distance) best = {i, distance};
  }
  return best;
}

void take_least_used(std::vector<Used>& used) {
  std::size_t least = used.size();
  Nearest to;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i].becomes != i || (least < used.size() && used[i].pixels > used[least].pixels)) continue;
    const Nearest other = nearest_other(used, i);
    if (least < used.size() && used[i].pixels == used[least].pixels && other.distance >= to.distance) continue;
    least = i;
    to = other;
  }
  used[least].becomes = to.index;
  used[to.index].pixels += used[least].pixels;
}

}  // namespace

Image with_fewer_colours(const Image& image, int count) {
  std::vector<Used> used = colours_used(image);
  const std::size_t wanted = count < 1 ? 1 : static_cast<std::size_t>(count);
  if (used.size() <= wanted) return image;
  for (std::size_t left = used.size(); left > wanted; --left) take_least_used(used);
  std::map<Rgb8, Rgb8> becomes;
  for (const Used& each : used) {
    std::size_t last = each.becomes;
    while (used[last].becomes != last) last = used[last].becomes;
    becomes[each.colour] = used[last].colour;
  }
  Image fewer = image;
  for (std::size_t i = 0; i < fewer.rgba.size(); i += 4) {
    std::uint8_t* pixel = &fewer.rgba[i];
    if (pixel[3] == 0) continue;
    const Rgb8 colour = becomes.at({pixel[0], pixel[1], pixel[2]});
    pixel[0] = colour.r, pixel[1] = colour.g, pixel[2] = colour.b;
  }
  return fewer;
}

}  // namespace kiln
