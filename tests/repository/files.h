#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/source_folder.h"

namespace fs = std::filesystem;

// The repository's root.
inline const fs::path kRoot = source_folder();

inline std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// All .cpp and .h files of engine and app, by their paths from the root.
inline std::vector<std::string> source_files() {
  std::vector<std::string> files;
  for (const char* top : {"engine", "app"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".cpp" || extension == ".h") files.push_back(fs::relative(entry.path(), kRoot).generic_string());
    }
  }
  return files;
}
