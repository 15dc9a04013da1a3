#include "engine/formats/median_cut.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <utility>

namespace kiln {
namespace {

using Weighted = std::pair<Rgb8, std::size_t>;

std::uint8_t channel(const Rgb8& colour, int axis) { return axis == 0 ? colour.r : axis == 1 ? colour.g : colour.b; }

struct Box {
  std::span<Weighted> colours;
  std::size_t weight = 0;
  int axis = 0;
  int side = 0;

  explicit Box(std::span<Weighted> content) : colours(content) {
    for (const Weighted& entry : colours) weight += entry.second;
    for (int candidate = 0; candidate < 3; ++candidate) {
      const auto [low, high] = std::minmax_element(colours.begin(), colours.end(), [=](const Weighted& a, const Weighted& b) {
        return channel(a.first, candidate) < channel(b.first, candidate);
      });
      const int length = channel(high->first, candidate) - channel(low->first, candidate);
      if (length > side) {
        side = length;
        axis = candidate;
      }
    }
  }

  std::size_t spread() const { return weight * static_cast<std::size_t>(side); }

  std::pair<Box, Box> halves() const {
    std::stable_sort(colours.begin(), colours.end(),
                     [this](const Weighted& a, const Weighted& b) { return channel(a.first, axis) < channel(b.first, axis); });
    std::size_t below = colours.front().second, cut = 1;
    while (cut + 1 < colours.size() && 2 * below < weight) below += colours[cut++].second;
    return {Box(colours.first(cut)), Box(colours.subspan(cut))};
  }

  Rgb8 mean() const {
    std::array<std::size_t, 3> sums{};
    for (const auto& [colour, count] : colours) {
      for (int i = 0; i < 3; ++i) sums[static_cast<std::size_t>(i)] += channel(colour, i) * count;
    }
    const auto rounded = [this](std::size_t sum) { return static_cast<std::uint8_t>((sum + weight / 2) / weight); };
    return {rounded(sums[0]), rounded(sums[1]), rounded(sums[2])};
  }
};

}  // namespace

std::vector<Rgb8> median_cut(const std::map<Rgb8, std::size_t>& histogram, std::size_t count) {
  std::vector<Weighted> colours(histogram.begin(), histogram.end());
  std::set<Rgb8> chosen;
  if (colours.size() <= count) {
    for (const auto& [colour, weight] : colours) chosen.insert(colour);
  } else {
    std::vector<Box> boxes = {Box(colours)};
    while (boxes.size() < count) {
      const auto widest =
          std::max_element(boxes.begin(), boxes.end(), [](const Box& a, const Box& b) { return a.spread() < b.spread(); });
      const auto [low, high] = widest->halves();
      *widest = low;
      boxes.push_back(high);
    }
    for (const Box& box : boxes) chosen.insert(box.mean());
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace kiln
