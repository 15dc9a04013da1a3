#pragma once

#include <regex>
#include <sstream>
#include <string>
#include <vector>

struct Include {
  std::string path;
  bool quoted = false;
};

inline std::vector<Include> includes_of(const std::string& source) {
  static const std::regex directive(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  std::vector<Include> includes;
  std::istringstream lines(source);
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line, match, directive)) includes.push_back({match[2], match[1] == "\""});
  }
  return includes;
}
