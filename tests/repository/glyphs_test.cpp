// The window's fonts hold the signs that are asked for (kGlyphs in app/widgets/theme.cpp); any other is drawn as a question mark.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/repository/files.h"

namespace {

// First and last code point of each range.
std::vector<std::pair<char32_t, char32_t>> loaded_glyphs() {
  const std::string theme = contents(kRoot / "app/widgets/theme.cpp");
  const auto first = theme.find("kGlyphs[] = {");
  REQUIRE(first != std::string::npos);
  const std::string list = theme.substr(first, theme.find('}', first) - first);
  const std::regex number("0x[0-9A-F]+");
  std::vector<char32_t> ends;
  for (std::sregex_iterator it(list.begin(), list.end(), number), end; it != end; ++it) {
    ends.push_back(static_cast<char32_t>(std::stoul(it->str(), nullptr, 16)));
  }
  REQUIRE(ends.size() % 2 == 0);
  std::vector<std::pair<char32_t, char32_t>> ranges;
  for (std::size_t i = 0; i < ends.size(); i += 2) ranges.emplace_back(ends[i], ends[i + 1]);
  return ranges;
}

// What stands between the quotes of one line of C++.
std::string literals(const std::string& line) {
  std::string text;
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (inside && line[i] == '\\') {
      ++i;
    } else if (line[i] == '"') {
      inside = !inside;
    } else if (inside) {
      text += line[i];
    } else if (line.compare(i, 2, "//") == 0) {
      break;
    }
  }
  return text;
}

std::vector<char32_t> code_points(const std::string& utf8) {
  std::vector<char32_t> points;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      points.push_back(byte);
    } else if (byte >= 0xC0) {
      points.push_back(byte & (byte < 0xE0 ? 0x1F : byte < 0xF0 ? 0x0F : 0x07));
    } else if (!points.empty()) {
      points.back() = points.back() << 6 | (byte & 0x3F);
    }
  }
  return points;
}

}  // namespace

TEST_CASE("every sign in a text of the window or the engine is in the window's fonts") {
  const auto glyphs = loaded_glyphs();
  const auto drawn = [&](char32_t point) {
    return point < 0x20 || std::any_of(glyphs.begin(), glyphs.end(), [&](auto g) { return g.first <= point && point <= g.second; });
  };
  CHECK(!drawn(0x2588));
  std::size_t files = 0;
  for (const char* modules : {"app", "engine"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / modules)) {
      const std::string name = fs::relative(entry.path(), kRoot).string();
      if (!entry.is_regular_file() || name.starts_with("app/cli/")) continue;  // a terminal has its own fonts
      ++files;
      std::istringstream lines(contents(entry.path()));
      for (std::string line; std::getline(lines, line);) {
        for (const char32_t point : code_points(literals(line))) {
          if (!drawn(point)) FAIL_CHECK(name << ": U+" << std::hex << static_cast<std::uint32_t>(point) << " in " << line);
        }
      }
    }
  }
  CHECK(files > 300);
}
