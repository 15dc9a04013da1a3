#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "engine/base/file.h"
#include "tests/support/errors.h"
#include "tests/support/source_folder.h"

namespace kiln::test {

inline std::filesystem::path golden(const std::string& name) { return source_folder() / "tests/golden/formats" / name; }

}  // namespace kiln::test
