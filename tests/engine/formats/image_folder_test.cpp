#include "engine/formats/image_folder.h"

#include <doctest/doctest.h>

#include "engine/formats/image_file.h"
#include "support.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Image dot(std::uint8_t value) {
  Image image(2, 2);
  image.pixel(1, 0)[0] = value;
  image.pixel(1, 0)[3] = 255;
  return image;
}

}  // namespace

TEST_CASE("class folders: names, order, and the files that are no images of a class") {
  const TemporaryFolder scratch;
  write_png(scratch / "sword/b.png", dot(1));
  write_png(scratch / "sword/a.PNG", dot(2));
  write_png(scratch / "potion/deep/er/c.png", dot(3));
  write_png(scratch / "potion/.hidden.png", dot(4));
  write_png(scratch / ".thumbs/x.png", dot(5));
  write_png(scratch / "loose.png", dot(6));
  write_file(scratch / "potion/readme.txt", std::string_view("text"));
  write_file(scratch / "potion/labels.json", std::string_view("{}"));
  std::filesystem::create_directories(scratch / "empty");

  const ImageFolderListing folder = list_image_folder(scratch.path());
  CHECK_FALSE(folder.flat);
  REQUIRE(folder.images.size() == 3);
  CHECK(folder.images[0].file == "potion/deep/er/c.png");
  CHECK(folder.images[0].class_name == "potion");
  CHECK(folder.images[1].file == "sword/a.PNG");
  CHECK(folder.images[2].class_name == "sword");
  REQUIRE(folder.refused.size() == 1);
  CHECK(folder.refused[0].file == "loose.png");
  CHECK(folder.other_files == std::vector<std::string>{"potion/labels.json", "potion/readme.txt"});
}

TEST_CASE("a flat folder is one class of its name, however it is written") {
  const TemporaryFolder scratch;
  write_png(scratch / "slimes/one.png", dot(1));
  write_png(scratch / "slimes/two.png", dot(2));
  for (const std::string& path : {(scratch / "slimes").string(), (scratch / "slimes/").string(), (scratch / "slimes/.").string()}) {
    const ImageFolderListing folder = list_image_folder(path);
    CHECK(folder.flat);
    REQUIRE(folder.images.size() == 2);
    CHECK(folder.images[0].file == "one.png");
    CHECK(folder.images[0].class_name == "slimes");
    CHECK(folder.refused.empty());
  }
}

TEST_CASE("what is no folder is refused") {
  const TemporaryFolder scratch;
  CHECK(error_of([&] { list_image_folder(scratch / "none"); }).code == ErrorCode::kNotFound);
  write_file(scratch / "file", std::string_view("x"));
  CHECK(error_of([&] { list_image_folder(scratch / "file"); }).code == ErrorCode::kUnreadable);
}

TEST_CASE("a folder that links to itself ends") {
  const TemporaryFolder scratch;
  write_png(scratch / "sword/a.png", dot(1));
  std::filesystem::create_directory_symlink("..", scratch / "sword/up");
  CHECK(list_image_folder(scratch.path()).images.size() == 1);
}
