#include "app/state/colours.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>

namespace kiln {

std::vector<Rgb8> colours_of(const Image& image) {
  std::map<Rgb8, int> counts;
  for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] >= 128) ++counts[{image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]}];
  }
  std::vector<Rgb8> colours;
  colours.reserve(counts.size());
  for (const auto& [colour, count] : counts) colours.push_back(colour);
  std::stable_sort(colours.begin(), colours.end(), [&](Rgb8 a, Rgb8 b) { return counts[a] > counts[b]; });
  return colours;
}

std::vector<Rgb8> apart(const std::vector<Rgb8>& colours, int distance) {
  std::vector<Rgb8> chosen;
  for (Rgb8 colour : colours) {
    const auto near = [&](Rgb8 other) {
      const int r = colour.r - other.r, g = colour.g - other.g, b = colour.b - other.b;
      return r * r + g * g + b * b < distance * distance;
    };
    if (std::none_of(chosen.begin(), chosen.end(), near)) chosen.push_back(colour);
  }
  return chosen;
}

std::string hex(Rgb8 colour) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", colour.r, colour.g, colour.b);
  return text;
}

std::optional<Rgb8> parse_hex(const std::string& text) {
  if (text.size() != 7 || text.front() != '#') return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Rgb8{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8 & 255),
              static_cast<std::uint8_t>(value & 255)};
}

}  // namespace kiln
