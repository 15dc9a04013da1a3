#include "app/state/drag_file.h"

#include <doctest/doctest.h>

#include "engine/base/paths.h"

namespace kiln {
namespace {

TEST_CASE("A dragged file is whole, taken again with the same bytes, and never replaces another") {
  const std::filesystem::path folder = home_folder() / "drags";
  std::filesystem::remove_all(folder);
  const Bytes one = {1, 2, 3}, other = {1, 2, 4};
  CHECK(keep_drag_file("potion-7", one) == folder / "potion-7.png");
  CHECK(keep_drag_file("potion-7", one) == folder / "potion-7.png");
  CHECK(keep_drag_file("potion-7", other) == folder / "potion-7-2.png");
  CHECK(keep_drag_file("potion-7", other) == folder / "potion-7-2.png");
  CHECK(read_file(folder / "potion-7.png") == one);
  CHECK(read_file(folder / "potion-7-2.png") == other);
  std::filesystem::create_directory(folder / "beast-1.png");
  std::filesystem::create_symlink("nowhere", folder / "beast-1-2.png");
  CHECK(keep_drag_file("beast-1", one) == folder / "beast-1-3.png");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace kiln
