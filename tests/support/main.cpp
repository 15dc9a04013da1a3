#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "tests/support/source_folder.h"

std::filesystem::path source_folder() { return SPRITEKILN_SOURCE_DIR; }
