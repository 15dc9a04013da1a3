#include "engine/formats/tile_mapping.h"

#include <fnmatch.h>

#include <algorithm>
#include <sstream>

#include "engine/base/error.h"

namespace kiln {

TileMapping::TileMapping(std::string_view text, std::string_view name) {
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream words(line.substr(0, line.find('#')));
    Rule rule;
    if (!(words >> rule.class_name)) continue;
    if (!(words >> rule.folder)) {
      throw Failure(ErrorCode::kCorrupt, "line " + std::to_string(number) + " of “" + std::string(name) + "” names no folder",
                    "write class, folder and patterns of names");
    }
    if (rule.folder.ends_with("/**")) {
      rule.folder.resize(rule.folder.size() - 3);
      rule.below = true;
    }
    for (std::string pattern; words >> pattern;) rule.patterns.push_back(pattern);
    rules_.push_back(std::move(rule));
  }
}

std::string TileMapping::class_of(std::string_view folder, std::string_view name) const {
  const std::string plain(name);
  for (const Rule& rule : rules_) {
    const bool there = folder == rule.folder || (rule.below && folder.starts_with(rule.folder + "/"));
    if (!there) continue;
    const bool fits = rule.patterns.empty() ||
                      std::any_of(rule.patterns.begin(), rule.patterns.end(),
                                  [&](const std::string& pattern) { return fnmatch(pattern.c_str(), plain.c_str(), 0) == 0; });
    if (fits) return rule.class_name == "-" ? std::string() : rule.class_name;
  }
  return {};
}

}  // namespace kiln
