#include "engine/base/file_pattern.h"

#include <doctest/doctest.h>

#include "tests/support/errors.h"

using namespace kiln;
using test::error_of;

TEST_CASE("files are named after class, number and seed; numbers count among names that are the same otherwise") {
  const std::vector<FilePattern::Values> sprites = {{"potion", 7}, {"cat", 8}, {"potion", 9}};
  using Paths = std::vector<std::string>;
  CHECK(FilePattern("{class}_{n:03}.png").paths(sprites) == Paths{"potion_000.png", "cat_000.png", "potion_001.png"});
  CHECK(FilePattern("a/{n}.png").paths(sprites) == Paths{"a/0.png", "a/1.png", "a/2.png"});
  CHECK(FilePattern("{class}/{seed:04}.png").paths(sprites) == Paths{"potion/0007.png", "cat/0008.png", "potion/0009.png"});
  CHECK(FilePattern("{n:1}{class}").paths({{"x", 5}}) == Paths{"0x"});
  CHECK(FilePattern("{n}").has_fields());
  CHECK_FALSE(FilePattern("sheet.png").has_fields());
}

TEST_CASE("patterns that cannot be say why") {
  for (const char* bad : {"{n", "n}", "}{", "{}", "{N}", "{n:}", "{n:x}", "{n:99}", "{n:-1}", "{class:3}", "{{n}}"}) {
    CAPTURE(bad);
    CHECK(error_of([&] { FilePattern pattern(bad); }).hint.find("{class}_{n:03}.png") != std::string::npos);
  }
  const Error same = error_of([] { FilePattern("{class}.png").paths({{"a", 1}, {"a", 2}}); });
  CHECK(same.message.find("“a.png”") != std::string::npos);
  CHECK(same.hint.find("{n}") != std::string::npos);
}
