#include "engine/pixelart/colours.h"

#include <algorithm>

namespace kiln {

std::vector<Rgb8> distinct_colours(const Image& image) {
  std::vector<Rgb8> colours;
  for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] >= kOpaqueAlpha) colours.push_back({image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]});
  }
  std::sort(colours.begin(), colours.end());
  colours.erase(std::unique(colours.begin(), colours.end()), colours.end());
  return colours;
}

}  // namespace kiln
