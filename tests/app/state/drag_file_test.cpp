#include "app/state/drag_file.h"

#include <doctest/doctest.h>

#include <chrono>

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

TEST_CASE("Dragged files go when they are old; what else lies there stays") {
  namespace fs = std::filesystem;
  const fs::path folder = home_folder() / "drags";
  fs::remove_all(folder);
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(keep_drag_file("old", {1}), now - std::chrono::hours(50));
  keep_drag_file("new", {2});
  write_file(folder / "notes.txt", Bytes{3});
  fs::last_write_time(folder / "notes.txt", now - std::chrono::hours(50));
  fs::create_directory(folder / "mine.png");
  fs::last_write_time(folder / "mine.png", now - std::chrono::hours(50));
  CHECK(clean_drag_files(home_folder(), now - std::chrono::hours(40)) == 1);
  CHECK(!fs::exists(folder / "old.png"));
  CHECK(fs::exists(folder / "new.png"));
  CHECK(fs::exists(folder / "notes.txt"));
  CHECK(fs::exists(folder / "mine.png"));
  fs::remove_all(folder);
  CHECK(clean_drag_files(home_folder(), now) == 0);
}

}  // namespace
}  // namespace kiln
