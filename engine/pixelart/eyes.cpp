#include "engine/pixelart/eyes.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include "engine/pixelart/crop.h"
#include "engine/pixelart/oklab.h"

namespace kiln {
namespace {

constexpr double kUpperPart = 0.6;     // of the content's height
constexpr float kContrast = 0.25f;     // of OKLab lightness, to what is around
constexpr std::size_t kMostAlike = 3;  // spots of one colour that are no pattern yet

struct Spot {
  std::vector<PixelPoint> pixels;
  Rect box;
  Rgb8 colour, around;  // the commonest around it
  float contrast = 0;
};

Rgb8 colour_at(const Image& image, PixelPoint at) {
  const Rgba8 pixel = pixel_at(image, at);
  return {pixel.r, pixel.g, pixel.b};
}

Rect box_of(const std::vector<PixelPoint>& pixels) {
  int left = pixels.front().x, right = left, top = pixels.front().y, bottom = top;
  for (const PixelPoint& at : pixels) {
    left = std::min(left, at.x), right = std::max(right, at.x);
    top = std::min(top, at.y), bottom = std::max(bottom, at.y);
  }
  return {left, top, right - left + 1, bottom - top + 1};
}

// What touches the pixels, corners included; nothing if they touch the border or what is transparent.
std::set<PixelPoint> ring_of(const Image& sprite, const std::set<PixelPoint>& pixels) {
  std::set<PixelPoint> ring;
  for (const PixelPoint& at : pixels) {
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        const PixelPoint beside{at.x + dx, at.y + dy};
        if (pixels.contains(beside)) continue;
        if (pixel_at(sprite, beside).a == 255)
          ring.insert(beside);
        else if (dx == 0 || dy == 0)
          return {};
      }
    }
  }
  return ring;
}

std::optional<Spot> spot_of(const Image& sprite, std::vector<PixelPoint> pixels) {
  const Rect box = box_of(pixels);
  if (box.width > std::max(2, sprite.width / 8) || box.height > std::max(2, sprite.height / 6)) return {};
  const std::set<PixelPoint> ring = ring_of(sprite, {pixels.begin(), pixels.end()});
  if (ring.empty()) return {};
  std::map<Rgb8, int> counts;
  for (const PixelPoint& at : ring) ++counts[colour_at(sprite, at)];
  const auto around =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  Spot spot{std::move(pixels), box, {}, around->first, 0};
  spot.colour = colour_at(sprite, spot.pixels.front());
  spot.contrast = std::abs(to_oklab(spot.colour).l - to_oklab(spot.around).l);
  if (2 * static_cast<std::size_t>(around->second) < ring.size()) return {};
  return spot.contrast >= kContrast ? std::optional(spot) : std::nullopt;
}

// Every spot whose middle lies in the upper part.
std::vector<Spot> spots_of(const Image& sprite, const Rect& content) {
  std::vector<Spot> spots;
  std::set<PixelPoint> seen;
  const int end = content.y + static_cast<int>(std::ceil(content.height * kUpperPart));
  for (int y = content.y; y < end; ++y) {
    for (int x = content.x; x < content.x + content.width; ++x) {
      if (seen.contains({x, y}) || pixel_at(sprite, {x, y}).a != 255) continue;
      std::vector<PixelPoint> pixels = connected_pixels(sprite, {x, y});
      seen.insert(pixels.begin(), pixels.end());
      if (auto spot = spot_of(sprite, std::move(pixels))) spots.push_back(std::move(*spot));
    }
  }
  return spots;
}

bool are_pair(const Spot& a, const Spot& b, const Rect& content) {
  const int between = b.box.x - a.box.x - a.box.width;
  const int beside_middle = std::abs(a.box.x + b.box.x + b.box.width - 2 * content.x - content.width);  // twice as far
  return a.colour == b.colour && a.around == b.around && a.box.y == b.box.y && a.box.width == b.box.width &&
         a.box.height == b.box.height && a.pixels.size() == b.pixels.size() && between >= 1 &&
         between <= std::max(2, content.width / 2) && 2 * beside_middle <= content.width;
}

struct Pair {
  const Spot *left, *right;
};

std::vector<Pair> pairs_of(const std::vector<Spot>& spots, const Rect& content) {
  std::vector<Pair> pairs;
  for (const Spot& a : spots) {
    const auto alike =
        std::count_if(spots.begin(), spots.end(), [&](const Spot& b) { return b.colour == a.colour && b.around == a.around; });
    if (static_cast<std::size_t>(alike) > kMostAlike) continue;
    for (const Spot& b : spots) {
      if (are_pair(a, b, content)) pairs.push_back({&a, &b});
    }
  }
  return pairs;
}

bool touch(const Spot& a, const Spot& b) {
  return a.box.x <= b.box.x + b.box.width && b.box.x <= a.box.x + a.box.width && a.box.y <= b.box.y + b.box.height &&
         b.box.y <= a.box.y + a.box.height;
}

void add(Eye& eye, const Spot& spot) {
  eye.top = eye.pixels.empty() ? spot.box.y : std::min(eye.top, spot.box.y);
  eye.bottom = std::max(eye.bottom, spot.box.y + spot.box.height - 1);
  eye.pixels.insert(eye.pixels.end(), spot.pixels.begin(), spot.pixels.end());
}

}  // namespace

std::optional<Eyes> find_eyes(const Image& sprite) {
  const Rect content = content_rect(sprite);
  const std::vector<Spot> spots = spots_of(sprite, content);
  const std::vector<Pair> pairs = pairs_of(spots, content);
  if (pairs.empty()) return {};
  const Pair best = *std::max_element(pairs.begin(), pairs.end(),
                                      [](const Pair& a, const Pair& b) { return a.left->contrast < b.left->contrast; });
  Eyes eyes;
  eyes.skin = best.left->around;
  add(eyes.left, *best.left);
  add(eyes.right, *best.right);
  for (const Pair& pair : pairs) {  // a pupil and its white
    if (pair.left == best.left || pair.right == best.right) continue;
    if (!touch(*pair.left, *best.left) || !touch(*pair.right, *best.right)) continue;
    add(eyes.left, *pair.left);
    add(eyes.right, *pair.right);
  }
  return eyes;
}

}  // namespace kiln
