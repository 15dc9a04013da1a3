#include "app/state/concerns.h"

#include <algorithm>

namespace kiln {
std::vector<Concern> follow(const std::vector<Concern>& before, const std::vector<Finding>& now, const Remedies& remedies) {
  std::vector<Concern> all;
  const auto known = [&](const Finding& finding) {
    return std::any_of(before.begin(), before.end(), [&](const Concern& old) { return old.finding.key == finding.key; });
  };
  for (const Concern& old : before) {
    const auto same = std::find_if(now.begin(), now.end(), [&](const Finding& finding) { return finding.key == old.finding.key; });
    const auto& fixes = old.finding.fixes;
    if (same != now.end())
      all.push_back({*same, false});
    else if (std::any_of(fixes.begin(), fixes.end(), [&](const Remedies& fix) { return is_applied(fix, remedies); }))
      all.push_back({old.finding, true});
  }
  for (const Finding& finding : now) {
    if (!known(finding)) all.push_back({finding, false});
  }
  return all;
}

void rename_class(Remedies& remedies, const std::string& now, const std::string& to, const std::vector<ClassCount>& originals) {
  if (now == to) return;
  const auto move_flip = [&] {
    auto& flips = remedies.flip_classes;
    if (std::erase(flips, now) > 0 && !to.empty() && std::find(flips.begin(), flips.end(), to) == flips.end()) flips.push_back(to);
  };
  move_flip();
  std::vector<std::string> affected;
  for (const auto& entry : originals) {
    if (class_after(remedies, entry.name) == now) affected.push_back(entry.name);
  }
  std::erase_if(remedies.renames,
                [&](const auto& rename) { return std::find(affected.begin(), affected.end(), rename.first) != affected.end(); });
  for (const auto& original : affected) {
    if (to.empty())
      remedies.drop_classes.push_back(original);
    else if (original != to)
      remedies.renames.emplace_back(original, to);
  }
}

std::string class_after(const Remedies& remedies, const std::string& original) {
  if (std::find(remedies.drop_classes.begin(), remedies.drop_classes.end(), original) != remedies.drop_classes.end()) return {};
  for (const auto& [from, to] : remedies.renames) {
    if (from == original) return to;
  }
  return original;
}

bool may_flip(const Remedies& remedies, const std::string& class_name) {
  const auto& flips = remedies.flip_classes;
  return std::find(flips.begin(), flips.end(), class_name) != flips.end() ||
         std::find(flips.begin(), flips.end(), "*") != flips.end();
}

void set_flip(Remedies& remedies, const std::string& class_name, bool on, const std::vector<ClassCount>& classes) {
  auto& flips = remedies.flip_classes;
  if (const bool all = std::erase(flips, "*") > 0; all) {
    flips.clear();
    for (const auto& entry : classes) flips.push_back(entry.name);
  }
  std::erase(flips, class_name);
  if (on) flips.push_back(class_name);
}

}  // namespace kiln
