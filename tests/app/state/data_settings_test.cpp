#include "app/state/data_settings.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace kiln {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "spritekiln-data-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  fs::path file(const std::string& name) const {
    std::ofstream(path_ / name) << "x";
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST_CASE("What a path is, by what is there and how its name ends") {
  const Folder folder;
  CHECK(kind_of(folder.path()) == PathKind::kFolder);
  CHECK(kind_of(folder.path() / "nothing") == PathKind::kNothing);
  CHECK(kind_of(folder.file("a.PNG")) == PathKind::kImage);
  CHECK(kind_of(folder.file("a.json")) == PathKind::kAseprite);
  CHECK(kind_of(folder.file("a.npy")) == PathKind::kArray);
  CHECK(kind_of(folder.file("a.txt")) == PathKind::kOther);
  for (const char* name : {"m.safetensors", "m.pt", "m.pth", "m.ckpt"}) CHECK(kind_of(folder.file(name)) == PathKind::kModel);
}

TEST_CASE("Options go with the path that they fit, and no other") {
  const Folder folder;
  DataSettings settings;
  settings.grid.cell_width = 8;
  settings.sheets = true;
  settings.labels = "/labels.npy";
  settings.names = "potion, sword";
  settings.path = folder.file("set.npy").string();
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
  settings.path = folder.file("sheet.png").string();
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
