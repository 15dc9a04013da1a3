#include "engine/formats/frame_tags.h"

#include <algorithm>
#include <set>

namespace kiln {
namespace {

// Frames of one file, or of one layer of it, that follow each other.
struct Group {
  std::string name;  // without number and ending: "cat (Head)"
  std::size_t first = 0, count = 0;
};

std::string without_number(std::string name) {
  if (const auto dot = name.rfind('.'); dot != std::string::npos && dot > 0) name.resize(dot);
  while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.pop_back();
  while (!name.empty() && std::string_view(" -_#").find(name.back()) != std::string_view::npos) name.pop_back();
  return name;
}

std::string without_layer(const std::string& name) {
  const auto open = name.rfind(" (");
  return open != std::string::npos && name.back() == ')' ? name.substr(0, open) : name;
}

// One group where the names do not tell several apart.
std::vector<Group> groups_of(const std::vector<std::string>& frames) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::string name = without_number(frames[i]);
    if (groups.empty() || groups.back().name != name) groups.push_back({name, i, 0});
    ++groups.back().count;
  }
  std::set<std::string> names;
  for (const Group& group : groups) names.insert(group.name);
  if (names.size() < groups.size()) return {{"", 0, frames.size()}};
  return groups;
}

// Shorter tags win, and earlier ones of the same length.
void apply(std::vector<FrameTag> tags, const Group& group, std::vector<std::string>& names) {
  std::reverse(tags.begin(), tags.end());
  std::stable_sort(tags.begin(), tags.end(), [](const FrameTag& a, const FrameTag& b) { return a.to - a.from > b.to - b.from; });
  for (const FrameTag& tag : tags) {
    for (std::size_t i = tag.from; i <= tag.to && i < group.count; ++i) names[group.first + i] = tag.name;
  }
}

// Tags file by file: those of the next one begin at its first frames again.
std::vector<std::vector<FrameTag>> runs_of(const std::vector<FrameTag>& tags) {
  std::vector<std::vector<FrameTag>> runs;
  for (const FrameTag& tag : tags) {
    if (runs.empty() || tag.from < runs.back().back().from) runs.emplace_back();
    runs.back().push_back(tag);
  }
  return runs;
}

// By their names, if each begins as one file's does: "slime_idle" is of "slime".
bool apply_by_name(const std::vector<FrameTag>& tags, const std::vector<Group>& groups, std::vector<std::string>& names) {
  std::vector<std::vector<FrameTag>> of_group(groups.size());
  for (const FrameTag& tag : tags) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (!groups[i].name.empty() && tag.name.starts_with(groups[i].name)) found.push_back(i);
    }
    if (found.size() != 1) return false;
    of_group[found.front()].push_back(tag);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) apply(of_group[i], groups[i], names);
  return true;
}

constexpr std::string_view kAnimated = "animated=", kClass = ";class=";

}  // namespace

std::string text_of(const TagData& data) {
  const std::string text = std::string(kAnimated) + (data.animated ? "1" : "0");
  return data.class_name.empty() ? text : text + std::string(kClass) + data.class_name;
}

std::optional<TagData> read_tag_data(std::string_view text) {
  if (!text.starts_with(kAnimated)) return std::nullopt;
  text.remove_prefix(kAnimated.size());
  if (text.empty() || (text.front() != '0' && text.front() != '1')) return std::nullopt;
  TagData data{text.front() == '1', {}};
  text.remove_prefix(1);
  if (!text.empty() && !text.starts_with(kClass)) return std::nullopt;
  if (!text.empty()) data.class_name = text.substr(kClass.size());
  return data;
}

std::vector<std::string> tags_of_frames(const std::vector<std::string>& frames, const std::vector<FrameTag>& tags,
                                        std::vector<std::string>& notes) {
  std::vector<std::string> names(frames.size());
  if (tags.empty()) return names;
  const Group all{"", 0, frames.size()};
  const std::vector<Group> groups = groups_of(frames);
  std::size_t last = 0, longest = 0;
  for (const FrameTag& tag : tags) last = std::max(last, tag.to);
  for (const Group& group : groups) longest = std::max(longest, group.count);
  if (groups.size() == 1 || last >= longest) {
    apply(tags, all, names);
    return names;
  }
  const std::string file = without_layer(groups.front().name);
  if (std::all_of(groups.begin(), groups.end(), [&](const Group& group) { return without_layer(group.name) == file; })) {
    for (const Group& group : groups) apply(tags, group, names);
    return names;
  }
  if (const auto runs = runs_of(tags); runs.size() == groups.size()) {
    for (std::size_t i = 0; i < runs.size(); ++i) apply(runs[i], groups[i], names);
  } else if (!apply_by_name(tags, groups, names)) {
    notes.push_back("its tags do not tell which of its files they belong to, so they are not used");
  }
  return names;
}

}  // namespace kiln
