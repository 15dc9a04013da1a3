#include "engine/session/played_tags.h"

#include <map>
#include <set>

namespace kiln {
namespace {

// “walker” for the first, then the next of “walker 2”, … that is no other class.
std::string next_name(const std::string& class_name, int& number, const std::set<std::string>& taken) {
  const std::string base = class_name.empty() ? "animation" : class_name;
  if (++number == 1 && (base == class_name || !taken.contains(base))) return base;
  while (taken.contains(base + " " + std::to_string(number))) ++number;
  return base + " " + std::to_string(number);
}

}  // namespace

std::vector<PlayedTag> played_tags(const std::vector<SampledSprite>& sprites, const std::vector<std::string>& classes) {
  const std::vector<std::size_t> starts = animation_starts(sprites);
  const std::set<std::string> all(classes.begin(), classes.end());
  std::set<std::string> animated;  // classes
  for (std::size_t i = 0; i < sprites.size(); ++i) {
    if (starts[i] < i) animated.insert(classes[i]);
  }
  std::map<std::string, int> numbers;
  std::vector<PlayedTag> tags;
  for (std::size_t i = 0; i < sprites.size(); ++i) {
    if (starts[i] < i)
      tags.push_back({tags.back().name, true});
    else if (!animated.contains(classes[i]))
      tags.push_back({classes[i], false});
    else
      tags.push_back({next_name(classes[i], numbers[classes[i]], all), i + 1 < starts.size() && starts[i + 1] == i});
  }
  return tags;
}

}  // namespace kiln
