#include "engine/data/split.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "engine/base/error.h"
#include "engine/data/counter_random.h"
#include "engine/data/duplicates.h"

namespace kiln {

Split split_set(const SpriteSet& set, double share, std::uint64_t seed, std::vector<int> groups) {
  if (groups.empty()) groups = duplicate_groups(set);
  const std::size_t classes = set.classes.size();
  const auto group_count = static_cast<std::size_t>(groups.empty() ? 0 : *std::max_element(groups.begin(), groups.end()) + 1);
  std::vector<std::vector<int>> members(group_count);
  std::vector<int> left(classes, 0);    // sprites in training
  std::vector<int> wanted(classes, 0);  // sprites still to be put aside
  for (std::size_t i = 0; i < set.sprites.size(); ++i) {
    members[static_cast<std::size_t>(groups[i])].push_back(static_cast<int>(i));
    ++left[static_cast<std::size_t>(set.sprites[i].class_index)];
  }
  for (std::size_t c = 0; c < classes; ++c) wanted[c] = static_cast<int>(std::lround(share * left[c]));

  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t g = 0; g < group_count; ++g) order.emplace_back(CounterRandom(seed, 0x5B117, g).next(), g);
  std::sort(order.begin(), order.end());
  Split split;
  for (const auto& [key, g] : order) {
    std::vector<int> taken(classes, 0);
    for (const int i : members[g]) ++taken[static_cast<std::size_t>(set.sprites[static_cast<std::size_t>(i)].class_index)];
    bool fits = true;
    for (std::size_t c = 0; c < classes; ++c) fits = fits && taken[c] <= wanted[c] && (taken[c] == 0 || taken[c] < left[c]);
    for (std::size_t c = 0; c < classes && fits; ++c) {
      wanted[c] -= taken[c];
      left[c] -= taken[c];
    }
    auto& side = fits ? split.validation : split.train;
    side.insert(side.end(), members[g].begin(), members[g].end());
  }
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.validation.begin(), split.validation.end());
  return split;
}

std::optional<Split> split_of_set(const SpriteSet& set) {
  Split split;
  std::vector<bool> trained(set.classes.size(), false);
  for (std::size_t i = 0; i < set.sprites.size(); ++i) {
    const LabelledSprite& sprite = set.sprites[i];
    (sprite.held_out ? split.validation : split.train).push_back(static_cast<int>(i));
    if (!sprite.held_out) trained[static_cast<std::size_t>(sprite.class_index)] = true;
  }
  if (split.validation.empty()) return std::nullopt;
  if (const auto bare = std::find(trained.begin(), trained.end(), false); bare != trained.end()) {
    const std::string& name = set.classes[static_cast<std::size_t>(bare - trained.begin())];
    throw Failure(ErrorCode::kInvalidArgument,
                  "no sprite of the class “" + name + "” is left to train on: all are put aside for measuring",
                  "put other parts aside, merge it into a class that is trained on, or leave it out");
  }
  return split;
}

Split split_for_training(const SpriteSet& set, double share, std::uint64_t seed, std::vector<int> groups,
                         std::vector<std::string>& notes) {
  auto split = split_of_set(set);
  if (!split) return split_set(set, share, seed, std::move(groups));
  notes.push_back("the " + std::to_string(split->validation.size()) +
                  " sprites that are put aside are the validation split; validation_share is not used");
  if (groups.empty()) groups = duplicate_groups(set);
  std::set<int> trained;
  for (const int i : split->train) trained.insert(groups[static_cast<std::size_t>(i)]);
  const auto near = std::count_if(split->validation.begin(), split->validation.end(),
                                  [&](int i) { return trained.contains(groups[static_cast<std::size_t>(i)]); });
  if (near > 0)
    notes.push_back(std::to_string(near) +
                    " of them are near copies of sprites that are trained on, so that the validation loss is " +
                    "lower than on new ones");
  return *std::move(split);
}

}  // namespace kiln
