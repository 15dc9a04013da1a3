#include "engine/pixelart/alpha.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

#include "engine/pixelart/colours.h"

namespace kiln {
namespace {

Rgb8 colour_at(const Image& image, int x, int y) {
  const std::uint8_t* pixel = image.pixel(x, y);
  return {pixel[0], pixel[1], pixel[2]};
}

std::vector<std::pair<int, int>> border_of(const Image& image) {
  std::vector<std::pair<int, int>> border;
  for (int y = 0; y < image.height; ++y) {
    const bool whole_row = y == 0 || y == image.height - 1;
    const int step = whole_row ? 1 : std::max(1, image.width - 1);
    for (int x = 0; x < image.width; x += step) border.emplace_back(x, y);
  }
  return border;
}

bool near(const Rgb8& a, const Rgb8& b, int tolerance) {
  return std::abs(a.r - b.r) <= tolerance && std::abs(a.g - b.g) <= tolerance && std::abs(a.b - b.b) <= tolerance;
}

}  // namespace

AlphaKind alpha_kind(const Image& image) {
  AlphaKind kind = AlphaKind::kNone;
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) {
    if (image.rgba[i] == 255) continue;
    if (image.rgba[i] != 0) return AlphaKind::kSoft;
    kind = AlphaKind::kHard;
  }
  return kind;
}

Image with_hard_alpha(const Image& image, int threshold) {
  Image hard = image;
  for (std::size_t i = 3; i < hard.rgba.size(); i += 4) hard.rgba[i] = hard.rgba[i] >= threshold ? 255 : 0;
  return with_hidden_colour_cleared(hard);
}

Image over_colour(const Image& image, const Rgb8& colour) {
  const int behind[3] = {colour.r, colour.g, colour.b};
  Image opaque = image;
  for (std::size_t i = 0; i < opaque.rgba.size(); i += 4) {
    const int alpha = opaque.rgba[i + 3];
    for (std::size_t c = 0; c < 3; ++c)
      opaque.rgba[i + c] = static_cast<std::uint8_t>((opaque.rgba[i + c] * alpha + behind[c] * (255 - alpha) + 127) / 255);
    opaque.rgba[i + 3] = 255;
  }
  return opaque;
}

Rgb8 mean_border_colour(const std::vector<const Image*>& images) {
  std::uint64_t sum[3] = {}, count = 0;
  for (const Image* image : images) {
    for (const auto& [x, y] : border_of(*image)) {
      const std::uint8_t* pixel = image->pixel(x, y);
      if (pixel[3] < kOpaqueAlpha) continue;
      for (std::size_t c = 0; c < 3; ++c) sum[c] += pixel[c];
      ++count;
    }
  }
  if (count == 0) return {255, 255, 255};
  const auto mean = [&](std::uint64_t total) { return static_cast<std::uint8_t>((total + count / 2) / count); };
  return {mean(sum[0]), mean(sum[1]), mean(sum[2])};
}

Image with_colour_cleared(const Image& image, const Rgb8& colour) {
  Image cleared = image;
  for (std::size_t i = 0; i < cleared.rgba.size(); i += 4) {
    std::uint8_t* pixel = &cleared.rgba[i];
    if (pixel[3] == 255 && Rgb8{pixel[0], pixel[1], pixel[2]} == colour) std::fill_n(pixel, 4, std::uint8_t{0});
  }
  return cleared;
}

Image with_hidden_colour_cleared(const Image& image) {
  const auto is_hidden = [&](std::size_t pixel) {
    const std::uint8_t* p = image.rgba.data() + pixel;
    return p[3] == 0 && (p[0] | p[1] | p[2]) != 0;
  };
  Image cleared = image;  // shares its pixels while there is nothing to clear
  for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4) {
    if (is_hidden(i)) std::fill_n(cleared.rgba.begin() + i, 3, std::uint8_t{0});
  }
  return cleared;
}

std::optional<Rgb8> suspected_background(const Image& image) {
  if (image.empty() || alpha_kind(image) != AlphaKind::kNone || distinct_colours(image).size() < 2) return std::nullopt;
  const int right = image.width - 1, lower = image.height - 1;
  const Rgb8 corner = colour_at(image, 0, 0);
  if (corner == colour_at(image, right, 0) && corner == colour_at(image, 0, lower) && corner == colour_at(image, right, lower)) {
    return corner;
  }
  std::map<Rgb8, std::size_t> counts;
  const auto border = border_of(image);
  for (const auto& [x, y] : border) ++counts[colour_at(image, x, y)];
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most->second * 5 < border.size() * 4) return std::nullopt;
  return most->first;
}

Image with_background_cleared(const Image& image, const Rgb8& colour, int tolerance) {
  Image cleared = image;
  std::vector<std::pair<int, int>> open = border_of(image);
  while (!open.empty()) {
    const auto [x, y] = open.back();
    open.pop_back();
    if (x < 0 || y < 0 || x >= image.width || y >= image.height) continue;
    std::uint8_t* pixel = cleared.pixel(x, y);
    if (pixel[3] == 0 || !near(colour_at(cleared, x, y), colour, tolerance)) continue;
    std::fill_n(pixel, 4, std::uint8_t{0});
    for (const auto& [dx, dy] : std::array<std::pair<int, int>, 4>{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}})
      open.emplace_back(x + dx, y + dy);
  }
  return cleared;
}

}  // namespace kiln
