#include "engine/data/min_hash.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "engine/data/counter_random.h"

namespace kiln {
namespace {

constexpr std::size_t kRows = 4;  // least hashes in a key
constexpr std::size_t kFunctions = MinHashKeys::kAll * kRows;
constexpr int kCoarse = 6;  // bits of a channel that are left out

// Multiply-shift hashing (Dietzfelbinger et al. 1997), of elements that are mixed already.
const std::array<std::uint64_t, kFunctions>& multipliers() {
  static const auto all = [] {
    std::array<std::uint64_t, kFunctions> odd{};
    for (std::size_t i = 0; i < odd.size(); ++i) odd[i] = CounterRandom(0x3145, 0, i).next() | 1;
    return odd;
  }();
  return all;
}

// The keys from `first` on, of the set of `elements`.
void add_keys(const std::vector<std::uint64_t>& elements, std::size_t first, std::size_t count, MinHashKeys& keys) {
  for (std::size_t key = first; key < first + count; ++key) {
    std::uint64_t joined = elements.empty() ? 1 : 2;
    for (std::size_t row = 0; row < kRows; ++row) {
      const std::uint64_t multiplier = multipliers()[key * kRows + row];
      std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
      for (const std::uint64_t element : elements) least = std::min(least, element * multiplier >> 32);
      joined = CounterRandom(joined, least, row).next();
    }
    keys.keys[key] = static_cast<std::uint32_t>(joined >> 32);
  }
}

}  // namespace

MinHashKeys min_hash_keys(const Image& image, bool mirrored) {
  const auto pixel = [&](int x, int y) { return image.pixel(mirrored ? image.width - 1 - x : x, y); };
  const auto is_opaque = [&](int x, int y) { return pixel(x, y)[3] >= 128; };
  const auto element = [&](int kind, int x, int y, std::uint64_t value) {
    return CounterRandom(static_cast<std::uint64_t>(kind), static_cast<std::uint64_t>(y * image.width + x), value).next();
  };
  const auto differ = [&](int x, int y, int right, int below) {
    return is_opaque(right, below) && !std::equal(pixel(x, y), pixel(x, y) + 3, pixel(right, below));
  };
  std::vector<std::uint64_t> outline, colours, edges;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (!is_opaque(x, y)) continue;
      const std::uint8_t* p = pixel(x, y);
      const auto coarse = static_cast<std::uint64_t>((p[0] >> kCoarse) << 4 | (p[1] >> kCoarse) << 2 | p[2] >> kCoarse);
      outline.push_back(element(0, x, y, 0));
      colours.push_back(element(1, x, y, coarse));
      if (x + 1 < image.width && differ(x, y, x + 1, y)) edges.push_back(element(2, x, y, 0));
      if (y + 1 < image.height && differ(x, y, x, y + 1)) edges.push_back(element(3, x, y, 0));
    }
  }
  MinHashKeys keys;
  add_keys(outline, 0, MinHashKeys::kOutline, keys);
  add_keys(colours, MinHashKeys::kOutline, MinHashKeys::kColours, keys);
  add_keys(edges, MinHashKeys::kOutline + MinHashKeys::kColours, MinHashKeys::kEdges, keys);
  return keys;
}

}  // namespace kiln
