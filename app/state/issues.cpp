#include "app/state/issues.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/base/text.h"

namespace kiln {
namespace {

// What follows `option` in a finding's flag.
std::string argument(const Finding& finding, std::string_view option) {
  const auto at = finding.flag.find(option);
  return at == std::string::npos ? std::string() : std::string(trimmed(std::string_view(finding.flag).substr(at + option.size())));
}

std::pair<int, int> pad_size(const Finding& finding) {
  const auto sides = split(argument(finding, "--pad"), 'x');
  if (sides.size() != 2) return {0, 0};
  return {static_cast<int>(parse_int(sides[0]).value_or(0)), static_cast<int>(parse_int(sides[1]).value_or(0))};
}

// The two classes of "--merge old=new".
std::pair<std::string, std::string> merged_classes(const Finding& finding) {
  const std::string text = argument(finding, "--merge");
  const auto equals = text.find('=');
  if (equals == std::string::npos) return {};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

// Findings of one kind that are many are told apart by their files or flags.
std::string key(const Finding& finding) {
  std::string text = finding.id;
  if (finding.id == "left_out" || finding.id == "two_classes") {
    for (const auto& file : finding.files) text += "/" + file;
  }
  if (finding.id == "upscaled" && !finding.files.empty()) text += "/" + finding.files.front();
  if (finding.id == "alike_classes") text += "/" + finding.flag;
  if (finding.id == "class_name" || finding.id == "nothing") text += "/" + finding.message;
  return text;
}

// The fix that is only on or off under this id, if it is one.
bool Preprocessing::*plain_switch(std::string_view id) {
  static constexpr std::pair<std::string_view, bool Preprocessing::*> kAll[] = {
      {"background", &Preprocessing::background_to_alpha},
      {"hard_alpha", &Preprocessing::hard_alpha},
      {"downscale", &Preprocessing::auto_downscale},
      {"crop", &Preprocessing::crop},
      {"empty", &Preprocessing::drop_empty},
      {"duplicates", &Preprocessing::drop_duplicates},
      {"near_duplicates", &Preprocessing::drop_near_duplicates}};
  for (const auto& [name, member] : kAll) {
    if (id == name) return member;
  }
  return nullptr;
}

}  // namespace

std::vector<FixTick> ticks_for(const Finding& finding) {
  const std::string& id = finding.id;
  if (id == "empty") return {{"empty", "Leave them out"}};
  if (id == "upscaled") return {{"downscale", "Reduce to the true pixels"}};
  if (id == "background") return {{"background", "Make it transparent"}};
  if (id == "soft_alpha") return {{"hard_alpha", "Make each pixel opaque or transparent"}};
  if (id == "duplicates") return {{"duplicates", "Use each picture once"}};
  if (id == "near_duplicates") return {{"near_duplicates", "Use near copies once, too"}};
  if (id == "colours") return {{"palette", "Bring all to 32 colours"}};
  if (id == "sizes") {
    const auto [width, height] = pad_size(finding);
    if (width == 0) return {};
    return {{"crop", "Crop to what is drawn"}, {"pad", "Pad to " + std::to_string(width) + "×" + std::to_string(height)}};
  }
  if (id == "alike_classes") {
    const auto [from, to] = merged_classes(finding);
    if (!from.empty()) return {{"merge." + from, "Merge “" + from + "” into “" + to + "”"}};
  }
  return {};
}

bool is_set(const Preprocessing& preprocessing, const FixTick& tick, const Finding& finding) {
  if (const auto member = plain_switch(tick.id)) return preprocessing.*member;
  if (tick.id == "pad") return preprocessing.pad_width > 0;
  if (tick.id == "palette") return !preprocessing.palette.empty();
  const auto [from, to] = merged_classes(finding);
  return !from.empty() &&
         std::find(preprocessing.renames.begin(), preprocessing.renames.end(), std::pair(from, to)) != preprocessing.renames.end();
}

void set(Preprocessing& preprocessing, const FixTick& tick, const Finding& finding, bool on) {
  if (const auto member = plain_switch(tick.id)) {
    preprocessing.*member = on;
    // Near copies are found among different pictures: the equal ones go first.
    if (tick.id == "near_duplicates" && on) preprocessing.drop_duplicates = true;
    if (tick.id == "duplicates" && !on) preprocessing.drop_near_duplicates = false;
  } else if (tick.id == "pad") {
    std::tie(preprocessing.pad_width, preprocessing.pad_height) = on ? pad_size(finding) : std::pair(0, 0);
  } else if (tick.id == "palette") {
    preprocessing.palette = on ? argument(finding, "--palette") : std::string();
  } else if (const auto [from, to] = merged_classes(finding); !from.empty()) {
    const std::string& old = from;
    std::erase_if(preprocessing.renames, [&](const auto& rename) { return rename.first == old; });
    if (on) preprocessing.renames.emplace_back(from, to);
  }
}

namespace {

bool any_set(const Preprocessing& preprocessing, const Issue& issue) {
  return std::any_of(issue.ticks.begin(), issue.ticks.end(),
                     [&](const FixTick& tick) { return is_set(preprocessing, tick, issue.finding); });
}

}  // namespace

std::vector<Issue> follow(const std::vector<Issue>& before, const std::vector<Finding>& now, const Preprocessing& preprocessing) {
  std::vector<Issue> all;
  std::vector<bool> taken(now.size(), false);
  for (const Issue& old : before) {
    const auto same =
        std::find_if(now.begin(), now.end(), [&](const Finding& finding) { return key(finding) == key(old.finding); });
    if (same != now.end()) {
      taken[static_cast<std::size_t>(same - now.begin())] = true;
      all.push_back({*same, ticks_for(*same), false});
      // What a tick stands for does not change while it is set, whatever the report says now.
      if (old.finding.id == "sizes" ? preprocessing.pad_width > 0 : any_set(preprocessing, old)) {
        all.back().finding.flag = old.finding.flag;
        all.back().ticks = old.ticks;
      }
    } else if (any_set(preprocessing, old)) {
      all.push_back({old.finding, old.ticks, true});
    }
  }
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (!taken[i]) all.push_back({now[i], ticks_for(now[i]), false});
  }
  return all;
}

void rename_class(Preprocessing& preprocessing, const std::string& now, const std::string& to,
                  const std::vector<ClassCount>& originals) {
  if (now == to) return;
  const auto move_flip = [&] {
    auto& flips = preprocessing.flip_classes;
    if (std::erase(flips, now) > 0 && !to.empty() && std::find(flips.begin(), flips.end(), to) == flips.end()) flips.push_back(to);
  };
  move_flip();
  std::vector<std::string> affected;
  for (const auto& entry : originals) {
    if (class_after(preprocessing, entry.name) == now) affected.push_back(entry.name);
  }
  std::erase_if(preprocessing.renames,
                [&](const auto& rename) { return std::find(affected.begin(), affected.end(), rename.first) != affected.end(); });
  for (const auto& original : affected) {
    if (to.empty())
      preprocessing.drop_classes.push_back(original);
    else if (original != to)
      preprocessing.renames.emplace_back(original, to);
  }
}

std::string class_after(const Preprocessing& preprocessing, const std::string& original) {
  if (std::find(preprocessing.drop_classes.begin(), preprocessing.drop_classes.end(), original) != preprocessing.drop_classes.end())
    return {};
  for (const auto& [from, to] : preprocessing.renames) {
    if (from == original) return to;
  }
  return original;
}

bool may_flip(const Preprocessing& preprocessing, const std::string& class_name) {
  const auto& flips = preprocessing.flip_classes;
  return std::find(flips.begin(), flips.end(), class_name) != flips.end() ||
         std::find(flips.begin(), flips.end(), "*") != flips.end();
}

void set_flip(Preprocessing& preprocessing, const std::string& class_name, bool on, const std::vector<ClassCount>& classes) {
  auto& flips = preprocessing.flip_classes;
  if (const bool all = std::erase(flips, "*") > 0; all) {
    flips.clear();
    for (const auto& entry : classes) flips.push_back(entry.name);
  }
  std::erase(flips, class_name);
  if (on) flips.push_back(class_name);
}

}  // namespace kiln
