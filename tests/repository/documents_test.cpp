// What the pages for readers promise.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "tests/repository/files.h"

namespace {

std::vector<fs::path> pages() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  }
  for (const char* folder : {"app", "docs", "engine", "models", "resources", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.path().extension() == ".md") found.push_back(entry.path());
    }
  }
  return found;
}

// Where the page's links and pictures lead, without those into the net and within the page.
std::vector<std::string> targets(const std::string& markdown) {
  static const std::regex link(R"re(\]\(([^)#:]+)(#[^)]*)?\))re");
  std::vector<std::string> found;
  for (std::sregex_iterator it(markdown.begin(), markdown.end(), link), end; it != end; ++it) found.push_back(it->str(1));
  return found;
}

std::string project_version() {
  static const std::regex version(R"re(project\(spritekiln VERSION ([0-9.]+))re");
  std::smatch match;
  const std::string lists = contents(kRoot / "CMakeLists.txt");
  REQUIRE(std::regex_search(lists, match, version));
  return match.str(1);
}

}  // namespace

TEST_CASE("links and pictures of every page lead to something") {
  std::size_t links = 0;
  for (const fs::path& page : pages()) {
    for (const std::string& target : targets(contents(page))) {
      ++links;
      CHECK_MESSAGE(fs::exists(page.parent_path() / target), page.string(), " leads to ", target);
    }
  }
  CHECK(links > 10);
  CHECK(targets("[a](b.md) ![c](d/e.png) [f](https://g) [h](#i) [j](k.md#l)") ==
        std::vector<std::string>{"b.md", "d/e.png", "k.md"});
}

TEST_CASE("README leads, step by step, to every page") {
  std::vector<fs::path> reached{kRoot / "README.md"};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    for (const std::string& target : targets(contents(reached[i]))) {
      const fs::path page = (reached[i].parent_path() / target).lexically_normal();
      if (page.extension() == ".md" && std::find(reached.begin(), reached.end(), page) == reached.end()) reached.push_back(page);
    }
  }
  for (const fs::path& page : pages())
    CHECK_MESSAGE(std::find(reached.begin(), reached.end(), page) != reached.end(), page.string());
}

TEST_CASE("the newest release in CHANGELOG.md and in the desktop's description is this version") {
  const std::string version = project_version(), changes = contents(kRoot / "CHANGELOG.md"),
                    described = contents(kRoot / "resources/desktop/org.spritekiln.Spritekiln.metainfo.xml");
  const auto newest = changes.find("\n## [");
  REQUIRE(newest != std::string::npos);
  CHECK(changes.compare(newest + 5, version.size() + 1, version + "]") == 0);
  const auto release = described.find("<release version=\"");
  REQUIRE(release != std::string::npos);
  CHECK(described.compare(release + 18, version.size() + 1, version + "\"") == 0);
}
