#include "engine/pixelart/colours.h"

#include <algorithm>

namespace kiln {
namespace {

std::vector<Rgb8> opaque_colours(const Image& image) {
  std::vector<Rgb8> colours;
  for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] >= kOpaqueAlpha) colours.push_back({image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]});
  }
  std::sort(colours.begin(), colours.end());
  return colours;
}

}  // namespace

std::map<Rgb8, std::size_t> colour_histogram(const std::vector<Image>& images) {
  std::map<Rgb8, std::size_t> histogram;
  for (const Image& image : images) {
    for (const Rgb8& colour : opaque_colours(image)) ++histogram[colour];
  }
  return histogram;
}

std::vector<Rgb8> distinct_colours(const Image& image) {
  std::vector<Rgb8> colours = opaque_colours(image);
  colours.erase(std::unique(colours.begin(), colours.end()), colours.end());
  return colours;
}

}  // namespace kiln
