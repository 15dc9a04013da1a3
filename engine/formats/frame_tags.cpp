#include "engine/formats/frame_tags.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>

namespace kiln {
namespace {

// Frames of one file, or of one layer of it, in their order.
struct Group {
  std::string name;  // without number and ending: "cat (Head)"
  std::vector<std::size_t> frames;
  std::vector<std::size_t> numbers = {};  // of each, as tags count them; rising
};

std::string without_ending(std::string name) {
  if (const auto dot = name.rfind('.'); dot != std::string::npos && dot > 0) name.resize(dot);
  return name;
}

std::string without_number(const std::string& whole) {
  std::string name = without_ending(whole);
  while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.pop_back();
  while (!name.empty() && std::string_view(" -_#").find(name.back()) != std::string_view::npos) name.pop_back();
  return name;
}

std::string without_layer(const std::string& name) {
  const auto open = name.rfind(" (");
  return open != std::string::npos && name.back() == ')' ? name.substr(0, open) : name;
}

std::vector<std::size_t> all_numbers(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

Group all_of(const std::vector<std::string>& frames) { return {"", all_numbers(frames.size()), all_numbers(frames.size())}; }

// At the end of its name.
std::optional<std::size_t> number_of(const std::string& whole) {
  constexpr std::size_t kMostDigits = 9;
  const std::string name = without_ending(whole);
  const std::string_view digits = std::string_view(name).substr(name.find_last_not_of("0123456789") + 1);
  std::size_t number = 0;
  if (digits.empty() || digits.size() > kMostDigits) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// By their names where some are missing among them, else as they come. False if some are missing, and it cannot be told which.
bool number_frames_of(Group& group, const std::vector<std::string>& frames) {
  group.numbers = all_numbers(group.frames.size());
  if (group.name.empty()) return true;
  std::vector<std::size_t> named;
  for (const std::size_t frame : group.frames) {
    const auto number = number_of(frames[frame]);
    if (!number || (!named.empty() && *number <= named.back())) return true;
    named.push_back(*number);
  }
  if (named.back() - named.front() + 1 == named.size()) return true;
  if (named.front() != 0) return false;
  group.numbers = std::move(named);
  return true;
}

// Layers of one file: "cat (Head)", "cat (Body)".
bool are_layers(const std::vector<Group>& groups) {
  return std::all_of(groups.begin(), groups.end(),
                     [&](const Group& group) { return without_layer(group.name) == without_layer(groups.front().name); });
}

// By name. Frames of layers may be listed frame by frame; others that do not follow each other are one group, as their names do not
// tell several apart.
std::vector<Group> groups_of(const std::vector<std::string>& frames) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> known;
  bool apart = false;
  std::size_t last = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::string name = without_number(frames[i]);
    const auto [at, is_new] = known.emplace(name, groups.size());
    if (is_new) groups.push_back({name, {}});
    apart |= !is_new && at->second != last;
    last = at->second;
    groups[last].frames.push_back(i);
  }
  if (!apart || (groups.front().name != without_layer(groups.front().name) && are_layers(groups))) return groups;
  return {all_of(frames)};
}

// Shorter tags win, and earlier ones of the same length.
void apply(std::vector<FrameTag> tags, const Group& group, std::vector<std::string>& names) {
  std::reverse(tags.begin(), tags.end());
  std::stable_sort(tags.begin(), tags.end(), [](const FrameTag& a, const FrameTag& b) { return a.to - a.from > b.to - b.from; });
  for (const FrameTag& tag : tags) {
    const auto first = std::lower_bound(group.numbers.begin(), group.numbers.end(), tag.from);
    for (auto at = first; at != group.numbers.end() && *at <= tag.to; ++at)
      names[group.frames[static_cast<std::size_t>(at - group.numbers.begin())]] = tag.name;
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

void tell_of_tag(const FrameTag& tag, const std::string& what, std::vector<std::string>& notes) {
  constexpr std::size_t kMostTold = 5;
  if (notes.size() < kMostTold)
    notes.push_back("the tag “" + tag.name + "” " + what);
  else if (notes.size() == kMostTold)
    notes.emplace_back("there are more such tags");
}

void turn_round(FrameTag& tag, std::vector<std::string>& notes) {
  if (tag.from <= tag.to) return;
  std::swap(tag.from, tag.to);
  tell_of_tag(tag, "is written backwards, and is turned round", notes);
}

// Without those that have none of the frames.
std::vector<FrameTag> ended_within(std::vector<FrameTag> tags, std::size_t frames, std::vector<std::string>& notes) {
  std::vector<FrameTag> kept;
  for (FrameTag& tag : tags) {
    if (bring_into_range(tag, frames, notes)) kept.push_back(std::move(tag));
  }
  return kept;
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

bool bring_into_range(FrameTag& tag, std::size_t frames, std::vector<std::string>& notes) {
  turn_round(tag, notes);
  if (tag.to < frames) return true;
  const bool any = tag.from < frames;
  tell_of_tag(tag, any ? "goes past the last frame, and ends there" : "lies past the last frame, and is left out", notes);
  if (any) tag.to = frames - 1;
  return any;
}

void note_overlaps(std::vector<FrameTag> tags, std::vector<std::string>& notes) {
  std::stable_sort(tags.begin(), tags.end(),
                   [](const FrameTag& a, const FrameTag& b) { return a.from != b.from ? a.from < b.from : a.to > b.to; });
  std::vector<const FrameTag*> around;  // each within the one before
  for (const FrameTag& tag : tags) {
    while (!around.empty() && around.back()->to < tag.from) around.pop_back();
    if (!around.empty() && around.back()->name != tag.name) {
      const FrameTag& other = *around.back();
      const bool same = other.from == tag.from && other.to == tag.to;
      if (same || tag.to > other.to) {
        notes.push_back("the tags “" + other.name + "” and “" + tag.name +
                        "” share frames: these are of the shorter tag, or of the first of two equally long ones");
        return;  // one pair tells what is done with all
      }
    }
    around.push_back(&tag);
  }
}

std::vector<std::string> tags_of_frames(const std::vector<std::string>& frames, std::vector<FrameTag> tags,
                                        std::vector<std::string>& notes) {
  std::vector<std::string> names(frames.size());
  if (tags.empty() || frames.empty()) return names;
  for (FrameTag& tag : tags) turn_round(tag, notes);
  std::vector<Group> groups = groups_of(frames);
  std::size_t last = 0, longest = 0;
  bool clear = true;
  for (const FrameTag& tag : tags) last = std::max(last, tag.to);
  for (Group& group : groups) {
    clear &= number_frames_of(group, frames);
    longest = std::max(longest, group.numbers.back() + 1);
  }
  if (!clear) notes.emplace_back("frames are missing among its numbers, so that a tag may be of the frame beside the right one");
  if (groups.size() == 1 || last >= longest) {
    const Group all = groups.size() == 1 ? std::move(groups.front()) : all_of(frames);
    tags = ended_within(std::move(tags), all.numbers.back() + 1, notes);
    note_overlaps(tags, notes);
    apply(tags, all, names);
    return names;
  }
  if (are_layers(groups)) {
    note_overlaps(tags, notes);
    for (const Group& group : groups) apply(tags, group, names);
    return names;
  }
  if (const auto runs = runs_of(tags); runs.size() == groups.size()) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      note_overlaps(runs[i], notes);
      apply(runs[i], groups[i], names);
    }
  } else if (!apply_by_name(tags, groups, names)) {
    notes.push_back("its tags do not tell which of its files they belong to, so they are not used");
  }
  return names;
}

}  // namespace kiln
