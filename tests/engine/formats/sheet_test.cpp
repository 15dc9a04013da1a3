#include "engine/formats/sheet.h"

#include <doctest/doctest.h>

#include <climits>

#include "sheet_support.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

void clear(Image& image, const Rect& rect) { paste(image, Image(rect.width, rect.height), rect.x, rect.y); }

}  // namespace

TEST_CASE("a grid with offset and spacing; empty and cut cells are left out") {
  Image sheet = numbered(12, 8);
  clear(sheet, {6, 2, 3, 2});
  const auto sprites =
      slice_sheet(sheet, {.cell_width = 3, .cell_height = 2, .offset_x = 2, .offset_y = 2, .spacing_x = 1, .spacing_y = 1});
  REQUIRE(sprites.size() == 3);
  CHECK(sprites[0].name == "0,0");
  CHECK(sprites[0].rect == Rect{2, 2, 3, 2});
  CHECK(shows(sprites[0].image, 0, 0, 2, 2));
  CHECK(shows(sprites[0].image, 2, 1, 4, 3));
  CHECK(sprites[1].name == "0,1");
  CHECK(sprites[2].name == "1,1");
  CHECK(shows(sprites[2].image, 0, 0, 6, 5));
  CHECK(slice_sheet(numbered(4, 4), {.cell_width = 2, .cell_height = 2}).size() == 4);
  CHECK(slice_sheet(Image(4, 4), {.cell_width = 2, .cell_height = 2}).empty());
}

TEST_CASE("grids that cannot be") {
  for (const CellGrid& grid :
       {CellGrid{.cell_width = 0}, CellGrid{.cell_height = -1}, CellGrid{.cell_width = 33}, CellGrid{.offset_x = 17},
        CellGrid{.offset_y = -1}, CellGrid{.spacing_x = -1}, CellGrid{.offset_x = INT_MAX}}) {
    CHECK(error_of([&] { slice_sheet(numbered(32, 32), grid); }).code == ErrorCode::kInvalidArgument);
  }
  CHECK(error_of([] { slice_sheet(Image(2048, 2048), {.cell_width = 1, .cell_height = 1}); }).code == ErrorCode::kInvalidArgument);
  CHECK(slice_sheet(numbered(32, 32), {.spacing_x = INT_MAX, .spacing_y = INT_MAX}).size() == 1);
}
