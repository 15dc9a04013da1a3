#include "app/state/grid_selection.h"

#include <doctest/doctest.h>

#include "app/state/grid_layout.h"

namespace kiln {
namespace {

using Places = std::vector<int>;

TEST_CASE("A click selects one, Shift all from there, Ctrl adds one and takes it away") {
  GridSelection s;
  CHECK(s.places().empty());
  s.select(2);
  CHECK(s.places() == Places{2});
  s.extend_to(5);
  CHECK(s.places() == Places{2, 3, 4, 5});
  s.extend_to(1);  // from the same end again
  CHECK(s.places() == Places{1, 2});
  s.toggle(7);
  CHECK(s.places() == Places{1, 2, 7});
  s.toggle(2);
  CHECK(s.places() == Places{1, 7});
  CHECK(s.current() == 2);
  s.extend_to(3);
  CHECK(s.places() == Places{2, 3});
  s.clear();
  CHECK(s.places().empty());
  CHECK(s.current() == 3);
}

TEST_CASE("Of two that are selected, the current one is the second") {
  GridSelection s;
  CHECK(s.pair().empty());
  s.select(5);
  CHECK(s.pair().empty());
  s.toggle(2);
  CHECK(s.pair() == Places{5, 2});
  s.select(2);
  s.extend_to(3);
  CHECK(s.pair() == Places{2, 3});
  s.toggle(7);
  CHECK(s.pair().empty());
  s.toggle(7);  // and is current
  CHECK(s.pair() == Places{2, 3});
}

TEST_CASE("A rubber band selects what it touches as it grows and shrinks, with Ctrl beside what was selected") {
  GridSelection s;
  s.select(9);
  s.begin_band();
  s.band({0, 1, 4, 5}, false);
  CHECK(s.places() == Places{0, 1, 4, 5});
  s.band({0, 1}, false);
  CHECK(s.places() == Places{0, 1});
  s.band({0, 1}, true);
  CHECK(s.places() == Places{0, 1, 9});
  s.band({}, true);
  CHECK(s.places() == Places{9});
}

TEST_CASE("Arrows go to the neighbour, stop at the edges, and with Shift select all on the way") {
  GridSelection s;
  const int columns = 4, count = 10;
  s.move(Direction::kUp, columns, count, false);
  CHECK(s.current() == 0);
  s.move(Direction::kRight, columns, count, false);
  s.move(Direction::kDown, columns, count, false);
  CHECK(s.places() == Places{5});
  s.move(Direction::kDown, columns, count, false);
  CHECK(s.current() == 9);
  s.move(Direction::kDown, columns, count, false);
  s.move(Direction::kRight, columns, count, false);
  CHECK(s.current() == 9);
  s.move(Direction::kLeft, columns, count, true);
  s.move(Direction::kUp, columns, count, true);
  CHECK(s.places() == Places{4, 5, 6, 7, 8, 9});
}

TEST_CASE("All are selected, and what is not there any more is not") {
  GridSelection s;
  s.select_all(6);
  CHECK(s.places() == Places{0, 1, 2, 3, 4, 5});
  s.fit(2);
  CHECK(s.places() == Places{0, 1});
  s.fit(0);
  CHECK(s.places().empty());
  CHECK(s.current() == 0);
}

TEST_CASE("Cells are found by a point and by a rectangle drawn in any direction") {
  const GridLayout grid = fit_grid(6, 10, 10, 3 * 10 + 2 * 5, 2 * 10 + 5, 5, 1);  // 3×2 cells of 10, 5 apart
  REQUIRE(grid.columns == 3);
  CHECK(grid.at(0, 0, 6) == 0);
  CHECK(grid.at(9.5f, 9.5f, 6) == 0);
  CHECK(grid.at(12, 3, 6) == -1);  // between two
  CHECK(grid.at(16, 16, 6) == 4);
  CHECK(grid.at(16, 16, 4) == -1);  // there is no fifth
  CHECK(grid.under(12, 12, 100, 100, 6) == Places{4, 5});
  CHECK(grid.under(20, 20, 5, 5, 6) == Places{0, 1, 3, 4});
}

}  // namespace
}  // namespace kiln
