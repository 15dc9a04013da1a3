#include "engine/quality/featured_set.h"

#include <ATen/ATen.h>

#include <map>

#include "engine/quality/shuffled.h"

namespace kiln {

FeaturedSet FeaturedSet::select(const std::vector<std::int64_t>& members) const {
  FeaturedSet part;
  for (const auto i : members) {
    const auto place = static_cast<std::size_t>(i);
    part.images.push_back(images[place]);
    part.classes.push_back(classes[place]);
    part.groups.push_back(groups[place]);
    if (!predicted.empty()) part.predicted.push_back(predicted[place]);
  }
  if (features.defined()) part.features = features.index_select(0, at::tensor(members, at::kLong));
  return part;
}

std::vector<std::pair<std::int64_t, std::int64_t>> matched_by_class(const std::vector<int>& wanted, const std::vector<int>& classes,
                                                                    std::uint64_t seed) {
  std::map<int, std::vector<std::int64_t>> left;
  for (const auto i : shuffled(static_cast<std::int64_t>(classes.size()), seed, 0x3A7C))
    left[classes[static_cast<std::size_t>(i)]].push_back(i);
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto& members = left[wanted[i]];
    if (members.empty()) continue;
    pairs.emplace_back(static_cast<std::int64_t>(i), members.back());
    members.pop_back();
  }
  return pairs;
}

}  // namespace kiln
