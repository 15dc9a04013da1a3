#include "app/state/class_mix.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kiln {

Condition mix_at(const std::vector<PlacedClass>& classes, double x, double y) {
  constexpr std::size_t kMost = 3;
  constexpr double kSame = 0.02;   // so near is the class alone
  constexpr double kLeast = 0.05;  // a weight below is none
  std::vector<std::pair<double, const PlacedClass*>> near;
  near.reserve(classes.size());
  for (const PlacedClass& place : classes) near.emplace_back(std::hypot(place.x - x, place.y - y), &place);
  std::sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (near.empty()) return {};
  if (near.front().first < kSame) return {{near.front().second->name, 1.0}};
  near.resize(std::min(near.size(), kMost));
  const auto closeness = [](double distance) { return 1 / (distance * distance); };
  double all = 0, kept = 0;
  for (const auto& [distance, place] : near) all += closeness(distance);
  Condition mix;
  for (const auto& [distance, place] : near) {
    const double weight = closeness(distance) / all;
    if (weight < kLeast) continue;
    mix.push_back({place->name, weight});
    kept += weight;
  }
  for (ClassWeight& part : mix) part.weight = std::round(part.weight / kept * 100) / 100;
  return mix;
}

}  // namespace kiln
