// What must hold for the repository as a whole.

#include <doctest/doctest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/repository/files.h"

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

}  // namespace

TEST_CASE("nothing large is kept but the models") {
  constexpr std::uintmax_t kMebibyte = 1 << 20;
  for (const fs::path& file : kept_files()) {
    const bool model = file.parent_path() == "models" && file.extension() == ".safetensors";
    CAPTURE(file.string());
    CHECK(fs::file_size(kRoot / file) < (model ? 12 : 1) * kMebibyte);
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

TEST_CASE("every test that is a script of Python is run by ctest") {
  const std::string lists = contents(kRoot / "tests/CMakeLists.txt") + contents(kRoot / "tests/app/CMakeLists.txt");
  std::set<std::string> words;
  std::string word;
  for (const char c : lists + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_') {
      word += c;
    } else {
      words.insert(std::exchange(word, {}));
    }
  }
  int found = 0;
  for (const auto& file : kept_files()) {
    const std::string name = file.filename().string();
    constexpr std::string_view kEnding = "_test.py";
    if (!name.ends_with(kEnding)) continue;
    CAPTURE(file);
    ++found;
    CHECK((words.contains(name.substr(0, name.size() - kEnding.size()))));
  }
  CHECK(found > 30);
}
