#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "engine/base/file.h"
#include "tests/support/errors.h"

namespace kiln::test {

inline std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(SPRITEKILN_SOURCE_DIR) / "tests/golden/formats" / name;
}

// A folder of this test's own, removed at the end.
struct Scratch {
  std::filesystem::path folder;
  explicit Scratch(const std::string& name)
      : folder(std::filesystem::temp_directory_path() / ("kiln-" + name + "-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder);
  }
  ~Scratch() { std::filesystem::remove_all(folder); }
  std::filesystem::path operator/(const std::string& name) const { return folder / name; }
};

}  // namespace kiln::test
