#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace kiln {

// What an artist says of a gallery's pictures; all else is in the pictures themselves. By file name.
struct Marks {
  std::set<std::string> starred;
  std::map<std::string, std::set<std::string>> collections;  // its name → its files
  friend bool operator==(const Marks&, const Marks&) = default;
};

// From a small JSON file; one that is not there is no marks. Throws Failure: kUnreadable, kCorrupt.
Marks read_marks(const std::filesystem::path& file);
// Throws as write_file.
void write_marks(const std::filesystem::path& file, const Marks& marks);

// A file's own marks, taken out of `marks` or put into them (under another name).
Marks take_marks(Marks& marks, const std::string& file);
void put_marks(Marks& marks, const Marks& own, const std::string& file);

}  // namespace kiln
