#include "engine/data/duplicates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <numeric>

namespace kiln {
namespace {

constexpr double kMayDiffer = 0.1;      // share of the union of opaque pixels
constexpr int kVisibleDifference = 48;  // sum over R, G and B, in levels
constexpr int kPixelsPerColour = 3;     // with fewer, almost any two drawings relate their colours one to one
constexpr std::size_t kMostColours = 255;

// A sprite as pairs are compared: which pixels are opaque, and their colours as small numbers.
struct Signature {
  std::vector<std::uint64_t> opaque;  // bits
  std::vector<std::uint8_t> colour;   // per pixel: index into `colours`, meaningless where transparent
  std::vector<std::array<int, 3>> colours;
  int opaque_count = 0;
};

int distance(const std::array<int, 3>& a, const std::array<int, 3>& b) { return std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]); }

// The number of `rgb` in `colours`, where it is added if there is room; else that of the nearest one.
std::uint8_t colour_number(std::vector<std::array<int, 3>>& colours, const std::array<int, 3>& rgb) {
  if (colours.size() < kMostColours) {
    colours.push_back(rgb);
    return static_cast<std::uint8_t>(colours.size() - 1);
  }
  const auto nearest = std::min_element(colours.begin(), colours.end(), [&](const auto& a, const auto& b) { return distance(a, rgb) < distance(b, rgb); });
  return static_cast<std::uint8_t>(nearest - colours.begin());
}

Signature signature_of(const Image& image, bool mirrored) {
  Signature signature;
  const int pixels = image.width * image.height;
  signature.opaque.assign(static_cast<std::size_t>(pixels + 63) / 64, 0);
  signature.colour.assign(static_cast<std::size_t>(pixels), 0);
  std::map<std::array<int, 3>, std::uint8_t> known;
  for (int i = 0; i < pixels; ++i) {
    const int x = i % image.width;
    const auto* p = image.pixel(mirrored ? image.width - 1 - x : x, i / image.width);
    if (p[3] < 128) continue;
    signature.opaque[static_cast<std::size_t>(i) / 64] |= std::uint64_t{1} << (i % 64);
    ++signature.opaque_count;
    const std::array<int, 3> rgb{p[0], p[1], p[2]};
    auto found = known.find(rgb);
    if (found == known.end()) found = known.emplace(rgb, colour_number(signature.colours, rgb)).first;
    signature.colour[static_cast<std::size_t>(i)] = found->second;
  }
  return signature;
}

// How many of the pixels counted in `pairs` [from × to] do not follow the most frequent partner of their colour.
int breaks_of_map(const std::vector<int>& pairs, std::size_t from, std::size_t to, bool by_column) {
  int breaks = 0;
  for (std::size_t i = 0; i < (by_column ? to : from); ++i) {
    int sum = 0, most = 0;
    for (std::size_t j = 0; j < (by_column ? from : to); ++j) {
      const int n = by_column ? pairs[j * to + i] : pairs[i * to + j];
      sum += n;
      most = std::max(most, n);
    }
    breaks += sum - most;
  }
  return breaks;
}

bool near_copies(const Signature& a, const Signature& b) {
  int outline = 0, together = 0;
  for (std::size_t w = 0; w < a.opaque.size(); ++w) {
    outline += std::popcount(a.opaque[w] ^ b.opaque[w]);
    together += std::popcount(a.opaque[w] | b.opaque[w]);
  }
  const double allowed = kMayDiffer * together;
  if (outline > allowed) return false;
  if (together == 0) return true;

  const std::size_t rows = a.colours.size(), columns = b.colours.size();
  std::vector<int> pairs(rows * columns, 0);
  int different = outline;
  for (std::size_t i = 0; i < a.colour.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    if ((a.opaque[i / 64] & b.opaque[i / 64] & bit) == 0) continue;
    ++pairs[a.colour[i] * columns + b.colour[i]];
    different += distance(a.colours[a.colour[i]], b.colours[b.colour[i]]) > kVisibleDifference;
  }
  if (different <= allowed) return true;
  if (std::min(rows, columns) < 3) return false;  // a flat shape tells too little to call another one its recolouring
  if (static_cast<int>(std::max(rows, columns)) * kPixelsPerColour > together) return false;
  const int breaks = std::max(breaks_of_map(pairs, rows, columns, false), breaks_of_map(pairs, rows, columns, true));
  return outline + breaks <= allowed;
}

int root_of(std::vector<int>& parent, int i) {
  while (parent[static_cast<std::size_t>(i)] != i) i = parent[static_cast<std::size_t>(i)] = parent[static_cast<std::size_t>(parent[static_cast<std::size_t>(i)])];
  return i;
}

}  // namespace

std::vector<int> duplicate_groups(const SpriteSet& set) {
  const int count = static_cast<int>(set.sprites.size());
  std::vector<Signature> plain, mirrored;
  for (const auto& sprite : set.sprites) {
    plain.push_back(signature_of(sprite.image, false));
    mirrored.push_back(signature_of(sprite.image, true));
  }
  std::vector<int> parent(static_cast<std::size_t>(count));
  std::iota(parent.begin(), parent.end(), 0);
  // Sprites can only be near if they have nearly as many opaque pixels: compare along that order.
  std::vector<std::size_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return plain[a].opaque_count < plain[b].opaque_count; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& a = plain[order[i]];
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      const auto& b = plain[order[j]];
      if (b.opaque_count - a.opaque_count > kMayDiffer * b.opaque_count + kMayDiffer * a.opaque_count) break;
      const int ra = root_of(parent, static_cast<int>(order[i])), rb = root_of(parent, static_cast<int>(order[j]));
      if (ra != rb && (near_copies(a, b) || near_copies(a, mirrored[order[j]]))) parent[static_cast<std::size_t>(std::max(ra, rb))] = std::min(ra, rb);
    }
  }
  std::map<int, int> numbers;
  std::vector<int> groups;
  for (int i = 0; i < count; ++i) groups.push_back(numbers.emplace(root_of(parent, i), static_cast<int>(numbers.size())).first->second);
  return groups;
}

}  // namespace kiln
