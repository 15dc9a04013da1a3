#include "app/state/data_settings.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

fs::path file_in(const test::TemporaryFolder& folder, const std::string& name) {
  std::ofstream(folder / name) << "x";
  return folder / name;
}

TEST_CASE("What a path is, by what is there and how its name ends") {
  const test::TemporaryFolder folder;
  CHECK(kind_of(folder.path()) == PathKind::kFolder);
  CHECK(kind_of(folder.path() / "nothing") == PathKind::kNothing);
  CHECK(kind_of(file_in(folder, "a.PNG")) == PathKind::kImage);
  for (const char* name : {"a.json", "a.ase", "a.aseprite"}) CHECK(kind_of(file_in(folder, name)) == PathKind::kAseprite);
  for (const char* name : {"a.npy", "a.npz"}) CHECK(kind_of(file_in(folder, name)) == PathKind::kArray);
  CHECK(kind_of(file_in(folder, "a.txt")) == PathKind::kOther);
  for (const char* name : {"m.safetensors", "m.pt", "m.pth", "m.ckpt"}) CHECK(kind_of(file_in(folder, name)) == PathKind::kModel);
}

TEST_CASE("Options go with the path that they fit, and no other") {
  const test::TemporaryFolder folder;
  DataSettings settings;
  settings.grid.cell_width = 8;
  settings.sheets = true;
  settings.labels = "/labels.npy";
  settings.names = "potion, sword";
  settings.path = file_in(folder, "set.npy").string();
  SpriteSource source = make_source(settings);
  CHECK(!source.grid);
  CHECK(source.labels == "/labels.npy");
  CHECK(source.class_names == std::vector<std::string>{"potion", "sword"});
  settings.path = folder.path().string() + "/";
  source = make_source(settings);
  CHECK(source.path == folder.path().string());
  REQUIRE(source.grid);
  CHECK(source.grid->cell_width == 8);
  CHECK(source.labels.empty());
  settings.sheets = false;
  CHECK(!make_source(settings).grid);
  settings.path = file_in(folder, "sheet.png").string();
  CHECK(make_source(settings).grid);
}

TEST_CASE("The home folder can be typed as ~") {
  const char* home = std::getenv("HOME");
  if (home == nullptr) return;
  CHECK(typed_path("~/sprites") == fs::path(home) / "sprites");
  CHECK(typed_path(" /a/b/ ") == "/a/b");
}

TEST_CASE("Values out of range are brought into it") {
  DataSettings settings;
  settings.grid = {0, 99999, -4, 5, -1, 2};
  settings.starter_size = 31;
  settings.starter_count = 0;
  settings.cell = 5;
  bring_into_range(settings);
  CHECK(settings.grid == CellGrid{1, 1024, 0, 5, 0, 2});
  CHECK(settings.starter_size == 16);
  CHECK(settings.starter_count == 1);
  CHECK(settings.cell == kSmallestCell);
}

}  // namespace
}  // namespace kiln
