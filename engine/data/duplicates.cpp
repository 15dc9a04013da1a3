#include "engine/data/duplicates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <numeric>
#include <utility>

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

int distance(const std::array<int, 3>& a, const std::array<int, 3>& b) {
  return std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]);
}

// The number of `rgb` in `colours`, where it is added if there is room; else that of the nearest one.
std::uint8_t colour_number(std::vector<std::array<int, 3>>& colours, const std::array<int, 3>& rgb) {
  if (colours.size() < kMostColours) {
    colours.push_back(rgb);
    return static_cast<std::uint8_t>(colours.size() - 1);
  }
  const auto nearest = std::min_element(colours.begin(), colours.end(),
                                        [&](const auto& a, const auto& b) { return distance(a, rgb) < distance(b, rgb); });
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

}  // namespace

// A sprite as pairs are compared, as it is and mirrored.
struct DuplicateSearch::Looks {
  Signature plain, mirrored;
};

DuplicateSearch::DuplicateSearch(std::vector<const Image*> images)
    : images_(std::move(images)), looks_(images_.size()), parent_(images_.size()), order_(images_.size()) {
  std::iota(parent_.begin(), parent_.end(), 0);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
}

DuplicateSearch::~DuplicateSearch() = default;

void DuplicateSearch::look_at(std::size_t i) {
  looks_[i] = {signature_of(*images_[i], false), signature_of(*images_[i], true)};
  if (i + 1 < images_.size()) return;
  std::stable_sort(order_.begin(), order_.end(),
                   [&](auto a, auto b) { return looks_[a].plain.opaque_count < looks_[b].plain.opaque_count; });
}

int DuplicateSearch::root_of(int i) {
  const auto at = [this](int k) -> int& { return parent_[static_cast<std::size_t>(k)]; };
  while (at(i) != i) i = at(i) = at(at(i));
  return i;
}

// Sprites can only be near if they have nearly as many opaque pixels: compared along that order.
void DuplicateSearch::compare(std::size_t place) {
  const Signature& a = looks_[order_[place]].plain;
  for (std::size_t j = place + 1; j < order_.size(); ++j) {
    const Looks& b = looks_[order_[j]];
    if (b.plain.opaque_count - a.opaque_count > kMayDiffer * b.plain.opaque_count + kMayDiffer * a.opaque_count) break;
    const int ra = root_of(static_cast<int>(order_[place])), rb = root_of(static_cast<int>(order_[j]));
    if (ra != rb && (near_copies(a, b.plain) || near_copies(a, b.mirrored)))
      parent_[static_cast<std::size_t>(std::max(ra, rb))] = std::min(ra, rb);
  }
}

std::vector<int> DuplicateSearch::groups() {
  std::map<int, int> numbers;
  std::vector<int> groups;
  for (int i = 0; i < static_cast<int>(images_.size()); ++i)
    groups.push_back(numbers.emplace(root_of(i), static_cast<int>(numbers.size())).first->second);
  return groups;
}

std::vector<int> duplicate_groups(const SpriteSet& set) {
  std::vector<const Image*> images;
  for (const auto& sprite : set.sprites) images.push_back(&sprite.image);
  DuplicateSearch search(std::move(images));
  for (std::size_t i = 0; i < search.count(); ++i) search.look_at(i);
  for (std::size_t i = 0; i < search.count(); ++i) search.compare(i);
  return search.groups();
}

}  // namespace kiln
