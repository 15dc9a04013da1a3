#include "app/state/issues.h"

#include <algorithm>

namespace kiln {

std::vector<Issue> follow(const std::vector<Issue>& before, const std::vector<Finding>& now, const Preprocessing& preprocessing) {
  std::vector<Issue> all;
  const auto known = [&](const Finding& finding) {
    return std::any_of(before.begin(), before.end(), [&](const Issue& old) { return old.finding.key == finding.key; });
  };
  for (const Issue& old : before) {
    const auto same = std::find_if(now.begin(), now.end(), [&](const Finding& finding) { return finding.key == old.finding.key; });
    const auto& fixes = old.finding.fixes;
    if (same != now.end())
      all.push_back({*same, false});
    else if (std::any_of(fixes.begin(), fixes.end(), [&](const Preprocessing& fix) { return is_applied(fix, preprocessing); }))
      all.push_back({old.finding, true});
  }
  for (const Finding& finding : now) {
    if (!known(finding)) all.push_back({finding, false});
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
