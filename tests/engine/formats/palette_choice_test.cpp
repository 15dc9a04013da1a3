#include "engine/formats/palette_choice.h"

#include <doctest/doctest.h>

#include "engine/base/file.h"
#include "support.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("a choice of colours: so many, a file, or the colours themselves") {
  const TemporaryFolder folder;
  write_file(folder / "dusk.hex", "102030\nff8007\n");
  const std::vector<Rgb8> colours = {{0x10, 0x20, 0x30}, {255, 128, 7}};
  CHECK(read_palette_choice("auto:16").fitted == 16);
  CHECK(read_palette_choice((folder / "dusk.hex").string()).palette.colours == colours);
  CHECK(read_palette_choice((folder / "dusk.hex").string()).fitted == 0);
  CHECK(read_palette_choice("#102030,#FF8007").palette.colours == colours);
  CHECK(colours_text({"", colours}) == "#102030,#ff8007");
  CHECK(read_palette_choice(colours_text({"", colours})).palette.colours == colours);
  for (const char* wrong : {"auto:", "auto:0", "auto:257", "auto:many"})
    CHECK(code_of([&] { read_palette_choice(wrong); }) == ErrorCode::kInvalidArgument);
  CHECK(code_of([&] { read_palette_choice("#102030,sea"); }) == ErrorCode::kCorrupt);
  CHECK(code_of([&] { read_palette_choice((folder / "none.gpl").string()); }) == ErrorCode::kNotFound);
}
