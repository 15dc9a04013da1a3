#include "engine/data/duplicates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <map>
#include <numeric>
#include <utility>

namespace kiln {
namespace {

constexpr double kMayDiffer = 0.1;      // share of the union of opaque pixels
constexpr int kVisibleDifference = 48;  // sum over R, G and B, in levels
constexpr int kPixelsPerColour = 3;     // with fewer, almost any two drawings relate their colours one to one
constexpr std::size_t kMostColours = 255;
constexpr std::size_t kComparedAhead = 64;  // of sprites with a key in common

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

// An image under one of its keys.
struct DuplicateSearch::Entry {
  std::uint32_t key;
  std::size_t image;
};

DuplicateSearch::DuplicateSearch(std::vector<const Image*> images, std::size_t all_pairs)
    : images_(std::move(images)), parent_(images_.size()), by_keys_(images_.size() > all_pairs) {
  std::iota(parent_.begin(), parent_.end(), 0);
  if (by_keys_) {
    keys_.resize(images_.size());
    return;
  }
  looks_.resize(images_.size());
  order_.resize(images_.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
}

DuplicateSearch::~DuplicateSearch() = default;

void DuplicateSearch::look_at(std::size_t i) {
  if (by_keys_) {
    keys_[i] = {min_hash_keys(*images_[i], false), min_hash_keys(*images_[i], true)};
    return;
  }
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

void DuplicateSearch::join_if_near(const Looks& a, std::size_t i, const Looks& b, std::size_t j) {
  const int ra = root_of(static_cast<int>(i)), rb = root_of(static_cast<int>(j));
  if (ra != rb && (near_copies(a.plain, b.plain) || near_copies(a.plain, b.mirrored)))
    parent_[static_cast<std::size_t>(std::max(ra, rb))] = std::min(ra, rb);
}

// By keys, each of these has its turn where its share of the places begins.
void DuplicateSearch::compare(std::size_t place) {
  if (!by_keys_) return compare_all_with(place);
  const auto keys_before = [&](std::size_t places) { return places * MinHashKeys::kAll / images_.size(); };
  for (std::size_t key = keys_before(place); key < keys_before(place + 1); ++key) compare_by_key(key);
}

// Sprites can only be near if they have nearly as many opaque pixels: compared along that order.
void DuplicateSearch::compare_all_with(std::size_t place) {
  const Looks& a = looks_[order_[place]];
  const int opaque = a.plain.opaque_count;
  for (std::size_t j = place + 1; j < order_.size(); ++j) {
    const Looks& b = looks_[order_[j]];
    if (b.plain.opaque_count - opaque > kMayDiffer * b.plain.opaque_count + kMayDiffer * opaque) break;
    join_if_near(a, order_[place], b, order_[j]);
  }
}

void DuplicateSearch::compare_by_key(std::size_t key) {
  std::vector<Entry> entries;
  entries.reserve(2 * images_.size());
  for (std::size_t i = 0; i < images_.size(); ++i) {
    for (const MinHashKeys& keys : keys_[i]) entries.push_back({keys.keys[key], i});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  for (auto first = entries.begin(); first != entries.end();) {
    const auto end = std::find_if(first, entries.end(), [&](const Entry& entry) { return entry.key != first->key; });
    // Very many sprites of one outline, such as tiles without transparency, are told apart by their other keys.
    const bool tells = key >= MinHashKeys::kOutline || end - first <= static_cast<std::ptrdiff_t>(kComparedAhead);
    if (tells && end - first > 1) compare_bucket({first, end});
    first = end;
  }
}

// Each with a few that follow: near copies are one group even if each is compared with some of the others alone.
void DuplicateSearch::compare_bucket(std::span<const Entry> bucket) {
  if (std::all_of(bucket.begin(), bucket.end(), [&](const Entry& entry) { return are_joined(entry.image, bucket.front().image); }))
    return;
  const auto looks_of = [&](const Entry& entry) {
    const Image& image = *images_[entry.image];
    return Looks{signature_of(image, false), signature_of(image, true)};
  };
  std::deque<Looks> ahead;  // of the entries from `i` on
  for (std::size_t i = 0; i < bucket.size(); ++i) {
    const std::size_t end = std::min(bucket.size(), i + 1 + kComparedAhead);
    while (i + ahead.size() < end) ahead.push_back(looks_of(bucket[i + ahead.size()]));
    for (std::size_t j = i + 1; j < end; ++j) join_if_near(ahead.front(), bucket[i].image, ahead[j - i], bucket[j].image);
    ahead.pop_front();
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
