// What must hold for the repository as a whole.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/repository/files.h"
#include "tests/repository/modules.h"

namespace {

// The top-level folders that are not kept: `/name/` in .gitignore, and git's own.
std::set<std::string> unkept_folders() {
  std::set<std::string> names{".git"};
  std::ifstream ignore(kRoot / ".gitignore");
  for (std::string line; std::getline(ignore, line);) {
    if (line.size() > 2 && line.front() == '/' && line.back() == '/') names.insert(line.substr(1, line.size() - 2));
  }
  return names;
}

// All files that are kept, by their paths from the root.
std::vector<fs::path> kept_files() {
  const std::set<std::string> unkept = unkept_folders();
  std::vector<fs::path> files;
  for (auto entry = fs::recursive_directory_iterator(kRoot); entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry.depth() == 0 && unkept.contains(entry->path().filename().string())) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      files.push_back(fs::relative(entry->path(), kRoot));
    }
  }
  return files;
}

bool is_text(const fs::path& file) {
  static const std::set<std::string> extensions{".cpp", ".h",  ".txt",  ".cmake", ".json", ".md",  ".sh",
                                                ".py",  ".in", ".vert", ".frag",  ".glsl", ".yml", ".svg"};
  return extensions.contains(file.extension().string()) || file.filename().string().starts_with('.') || file.parent_path() == ".ci";
}

std::vector<std::string> cells(const std::string& row) {
  std::vector<std::string> all;
  std::istringstream stream(row);
  for (std::string cell; std::getline(stream, cell, '|');) {
    const auto first = cell.find_first_not_of(" \r");
    all.push_back(first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(" \r") - first + 1));
  }
  return all;
}

struct ListedRoom {
  std::string level;
  bool torch = false;
};

// The modules of a Markdown table with rows `| level | `module`, `module` | … | T |`, by their paths.
std::map<std::string, ListedRoom> listed_rooms(const std::string& markdown) {
  std::map<std::string, ListedRoom> modules;
  std::istringstream lines(markdown);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('|')) continue;
    const std::vector<std::string> row = cells(line);  // row[0] is empty: what stands before the first bar
    if (row.size() < 3) continue;
    std::istringstream names(row[2]);
    for (std::string outside, name; std::getline(names, outside, '`') && std::getline(names, name, '`');) {
      if (name.starts_with("engine/") || name.starts_with("app/")) {
        modules[name] = {row[1], std::find(row.begin() + 3, row.end(), "T") != row.end()};
      }
    }
  }
  return modules;
}

}  // namespace

TEST_CASE("README's table lists exactly the modules that there are, with their levels") {
  const std::map<std::string, ListedRoom> listed = listed_rooms(contents(kRoot / "README.md"));
  std::set<std::string> folders;
  for (const fs::path& file : kept_files()) {
    const auto top = *file.begin();
    if ((top == "engine" || top == "app") && std::distance(file.begin(), file.end()) > 2) {
      folders.insert((top / *std::next(file.begin())).generic_string());
    }
  }
  for (const std::string& folder : folders) CHECK_MESSAGE(listed.contains(folder), folder, " is not in README's table");
  for (const auto& [path, module] : listed) {
    CAPTURE(path);
    CHECK_MESSAGE(folders.contains(path), "README lists a folder that is not there");
    const auto known = std::find_if(kModules.begin(), kModules.end(), [&](const Module& r) { return r.path == path; });
    REQUIRE(known != kModules.end());
    CHECK(module.level == std::to_string(known->level));
    CHECK(module.torch == known->torch);
  }
}

TEST_CASE("the reader of README's table reads what such a table holds") {
  const auto modules = listed_rooms(
      "| level | module | what | T |\n|---|---|---|---|\n| 2 | `engine/data` | sets | T |\n| 8 | `app/shell`, `app/cli` | `a` | |\n"
      "text `engine/none`\n");
  REQUIRE(modules.size() == 3);
  CHECK(modules.at("engine/data").level == "2");
  CHECK(modules.at("engine/data").torch);
  CHECK(modules.at("app/cli").level == "8");
  CHECK_FALSE(modules.at("app/shell").torch);
}

TEST_CASE("nothing large is kept but the models") {
  constexpr std::uintmax_t kMebibyte = 1 << 20;
  for (const fs::path& file : kept_files()) {
    const bool model = file.parent_path() == "models" && file.extension() == ".safetensors";
    CAPTURE(file.string());
    CHECK(fs::file_size(kRoot / file) < (model ? 8 : 1) * kMebibyte);
  }
}

TEST_CASE("text files end with a newline and hold no carriage return") {
  for (const fs::path& file : kept_files()) {
    if (!is_text(file)) continue;
    const std::string text = contents(kRoot / file);
    CAPTURE(file.string());
    CHECK((text.empty() || text.back() == '\n'));
    CHECK(text.find('\r') == std::string::npos);
  }
}

TEST_CASE("what begins with #! can be run, and no other text can") {
  for (const fs::path& file : kept_files()) {
    const std::string text = contents(kRoot / file);
    if (!is_text(file) && !text.starts_with("#!")) continue;
    const bool runnable = (fs::status(kRoot / file).permissions() & fs::perms::owner_exec) != fs::perms::none;
    CAPTURE(file.string());
    CHECK(runnable == text.starts_with("#!"));
  }
}
