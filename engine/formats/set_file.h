#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kiln {

// What a folder of class folders cannot say by itself: `spritekiln.json` beside the class folders, written with a saved set.
struct SetFile {
  std::vector<std::string> flip_classes;  // may be mirrored in training; "*" for all
  std::map<std::string, int> frames;      // which frame of its animation a file is, from 0: "slime/00001-2.png" is 1

  friend bool operator==(const SetFile&, const SetFile&) = default;
};

inline constexpr const char* kSetFileName = "spritekiln.json";

// Of the set in `folder`; empty if it has no such file. Throws Failure(kCorrupt) for one that is no such document.
SetFile read_set_file(const std::filesystem::path& folder);

std::string set_file_text(const SetFile& file);

}  // namespace kiln
