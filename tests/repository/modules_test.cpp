// One list of modules, four times: the folders, the table of levels, the table for readers, and what CMake builds.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/repository/files.h"
#include "tests/repository/includes.h"
#include "tests/repository/modules.h"

namespace {

std::vector<std::string> cells(const std::string& row) {
  std::vector<std::string> all;
  std::istringstream stream(row);
  for (std::string cell; std::getline(stream, cell, '|');) {
    const auto first = cell.find_first_not_of(" \r");
    all.push_back(first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(" \r") - first + 1));
  }
  return all;
}

struct ListedModule {
  std::string level;
  bool torch = false;
};

// The modules of a Markdown table with rows `| level | `module`, `module` | … | T |`, by their paths.
std::map<std::string, ListedModule> listed_modules(const std::string& markdown) {
  std::map<std::string, ListedModule> modules;
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

struct BuiltModule {
  bool torch = false;
  std::set<std::string> depends;
};

// The modules that a CMake file makes: `module(PATH [TORCH] … [DEPENDS …] [LIBRARIES …])`.
std::map<std::string, BuiltModule> built_modules(const std::string& cmake) {
  static const std::regex call(R"((?:^|\n)module\(([^)]*)\))");
  std::map<std::string, BuiltModule> modules;
  for (auto match = std::sregex_iterator(cmake.begin(), cmake.end(), call); match != std::sregex_iterator(); ++match) {
    std::istringstream words((*match)[1]);
    std::string path, keyword;
    words >> path;
    BuiltModule& module = modules[path];
    for (std::string word; words >> word;) {
      if (word == "DEPENDS" || word == "LIBRARIES" || word == "WITHOUT")
        keyword = word;
      else if (word == "TORCH")
        module.torch = true;
      else if (keyword == "DEPENDS")
        module.depends.insert(word);
    }
  }
  return modules;
}

// What `path` depends on, directly or not.
std::set<std::string> all_dependencies(const std::map<std::string, BuiltModule>& modules, const std::string& path) {
  std::set<std::string> all;
  if (const auto found = modules.find(path); found != modules.end()) {
    for (const auto& name : found->second.depends) {
      all.insert(name);
      all.merge(all_dependencies(modules, name));
    }
  }
  return all;
}

// The folders of engine and app that hold sources.
std::set<std::string> source_folders() {
  std::set<std::string> folders;
  for (const std::string& file : source_files()) {
    const auto end = file.find('/', file.find('/') + 1);
    if (end != std::string::npos) folders.insert(file.substr(0, end));
  }
  return folders;
}

std::set<std::string> known_modules() {
  std::set<std::string> known;
  for (const Module& module : kModules) known.emplace(module.path);
  return known;
}

template <class Value>
std::set<std::string> names(const std::map<std::string, Value>& modules) {
  std::set<std::string> all;
  for (const auto& [name, value] : modules) all.insert(name);
  return all;
}

std::string joined(const std::set<std::string>& names) {
  std::string all;
  for (const auto& name : names) all += name + " ";
  return all;
}

std::set<std::string> without(std::set<std::string> names, const std::set<std::string>& others) {
  std::erase_if(names, [&](const std::string& name) { return others.contains(name); });
  return names;
}

// Fails, naming them, on modules that only one of both has.
void check_same(const std::set<std::string>& known, const std::set<std::string>& other, const char* where) {
  CHECK_MESSAGE(without(other, known).empty(), where, " has unknown modules: ", joined(without(other, known)));
  CHECK_MESSAGE(without(known, other).empty(), where, " lacks modules: ", joined(without(known, other)));
}

}  // namespace

TEST_CASE("the modules are exactly the folders of engine and app that hold sources") {
  CHECK(source_folders().size() > 10);
  check_same(known_modules(), source_folders(), "the source tree");
}

TEST_CASE("the table for readers lists exactly the modules, with their levels") {
  const fs::path table = kRoot / "engine/README.md";
  const auto listed = listed_modules(contents(table));
  check_same(known_modules(), names(listed), "the table for readers");
  for (const Module& module : kModules) {
    const auto found = listed.find(std::string(module.path));
    if (found == listed.end()) continue;
    CAPTURE(found->first);
    CHECK(found->second.level == std::to_string(module.level));
    CHECK(found->second.torch == module.torch);
  }
}

TEST_CASE("CMake builds exactly the modules, each with what it includes and nothing of its own level or above") {
  std::map<std::string, BuiltModule> built = built_modules(contents(kRoot / "CMakeLists.txt"));
  for (const auto& entry : fs::directory_iterator(kRoot / "cmake")) {
    if (entry.path().extension() == ".cmake") built.merge(built_modules(contents(entry.path())));
  }
  check_same(known_modules(), names(built), "CMake");
  for (const Module& module : kModules) {
    const BuiltModule& made = built[std::string(module.path)];
    CAPTURE(std::string(module.path));
    CHECK(made.torch == module.torch);
    for (const std::string& name : made.depends) {
      const Module* used = module_of(name + "/");
      REQUIRE_MESSAGE(used != nullptr, name);
      CHECK_MESSAGE(used->level < module.level, name);
    }
  }
  for (const std::string& file : source_files()) {
    const Module* from = module_of(file);
    if (from == nullptr || from == &kMain) continue;
    const auto usable = all_dependencies(built, std::string(from->path));
    for (const Include& include : includes_of(contents(kRoot / file))) {
      const Module* to = module_of(include.path);
      if (to == nullptr || to == from) continue;
      CHECK_MESSAGE(usable.contains(std::string(to->path)), file, " includes ", include.path, ", which CMake does not link");
    }
  }
}

TEST_CASE("the readers of tables and of CMake read what is written there") {
  const auto modules = listed_modules(
      "| level | module | what | T |\n|---|---|---|---|\n| 2 | `engine/data` | sets | T |\n| 8 | `app/shell`, `app/cli` | `a` | |\n"
      "text `engine/none`\n");
  REQUIRE(modules.size() == 3);
  CHECK(modules.at("engine/data").level == "2");
  CHECK(modules.at("engine/data").torch);
  CHECK(modules.at("app/cli").level == "8");
  CHECK_FALSE(modules.at("app/shell").torch);

  const auto built = built_modules(
      "module(engine/a LIBRARIES PRIVATE x)\n# module(engine/none)\nfunction(module path)\n"
      "module(engine/b TORCH WITHOUT main.cpp DEPENDS engine/a\n       engine/c LIBRARIES PRIVATE y)\n");
  REQUIRE(built.size() == 2);
  CHECK(built.at("engine/a").depends.empty());
  CHECK_FALSE(built.at("engine/a").torch);
  CHECK(built.at("engine/b").depends == std::set<std::string>{"engine/a", "engine/c"});
  CHECK(built.at("engine/b").torch);
}
