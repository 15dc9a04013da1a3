#include "app/state/colours.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace kiln {

std::vector<Rgb8> colours_of(const Image& image) {
  std::map<Rgb8, int> counts;
  for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] > 0) ++counts[{image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]}];
  }
  std::vector<Rgb8> colours;
  for (const auto& [colour, count] : counts) colours.push_back(colour);
  std::stable_sort(colours.begin(), colours.end(), [&](Rgb8 a, Rgb8 b) { return counts[a] > counts[b]; });
  return colours;
}

std::string hex(Rgb8 colour) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", colour.r, colour.g, colour.b);
  return text;
}

}  // namespace kiln
