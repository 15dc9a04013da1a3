#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "engine/base/file.h"
#include "tests/support/errors.h"

namespace kiln::test {

inline std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(SPRITEKILN_SOURCE_DIR) / "tests/golden/formats" / name;
}

}  // namespace kiln::test
