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

TEST_CASE("class folders: names, order, images, and what is wrong with the rest") {
  const TemporaryFolder scratch;
  write_png(scratch / "sword/b.png", dot(1));
  write_png(scratch / "sword/a.PNG", dot(2));
  write_png(scratch / "potion/deep/er/c.png", dot(3));
  write_png(scratch / "potion/.hidden.png", dot(4));
  write_png(scratch / ".thumbs/x.png", dot(5));
  write_png(scratch / "loose.png", dot(6));
  write_file(scratch / "potion/readme.txt", std::string_view("text"));
  write_file(scratch / "potion/labels.json", std::string_view("{}"));
  write_file(scratch / "broken/cut.png", std::string_view("\x89PNG\r\n"));
  std::filesystem::create_directories(scratch / "empty");

  std::vector<std::size_t> done;
  const ImageFolder folder = read_image_folder(scratch.path(), [&](std::size_t i, std::size_t total) {
    CHECK(total == 4);
    done.push_back(i);
  });
  CHECK(done == std::vector<std::size_t>{0, 1, 2, 3, 4});
  CHECK(folder.classes == std::vector<std::string>{"potion", "sword"});
  REQUIRE(folder.sprites.size() == 3);
  CHECK(folder.sprites[0].file == "potion/deep/er/c.png");
  CHECK(folder.sprites[0].class_name == "potion");
  CHECK(folder.sprites[1].file == "sword/a.PNG");
  CHECK(folder.sprites[1].image == dot(2));
  CHECK(folder.sprites[2].class_name == "sword");
  REQUIRE(folder.unreadable.size() == 2);
  CHECK(folder.unreadable[0].file == "broken/cut.png");
  CHECK(folder.unreadable[0].error.code == ErrorCode::kCorrupt);
  CHECK(folder.unreadable[1].file == "loose.png");
}

TEST_CASE("a flat folder is one class of its name, however it is written") {
  const TemporaryFolder scratch;
  write_png(scratch / "slimes/one.png", dot(1));
  write_png(scratch / "slimes/two.png", dot(2));
  for (const std::string& path : {(scratch / "slimes").string(), (scratch / "slimes/").string(), (scratch / "slimes/.").string()}) {
    const ImageFolder folder = read_image_folder(path);
    CHECK(folder.classes == std::vector<std::string>{"slimes"});
    REQUIRE(folder.sprites.size() == 2);
    CHECK(folder.sprites[0].file == "one.png");
    CHECK(folder.unreadable.empty());
  }
}

TEST_CASE("folders that cannot be used say why and what is wanted") {
  const TemporaryFolder scratch;
  CHECK(error_of([&] { read_image_folder(scratch / "none"); }).code == ErrorCode::kNotFound);
  write_file(scratch / "file", std::string_view("x"));
  CHECK(error_of([&] { read_image_folder(scratch / "file"); }).code == ErrorCode::kUnreadable);
  const Error empty = error_of([&] { read_image_folder(scratch.path()); });
  CHECK(empty.code == ErrorCode::kNotFound);
  CHECK(empty.hint.find("one folder per class") != std::string::npos);
  write_file(scratch / "a/x.png", std::string_view("not a picture"));
  const Error broken = error_of([&] { read_image_folder(scratch.path()); });
  CHECK(broken.code == ErrorCode::kCorrupt);
  CHECK(broken.message.find("x.png") != std::string::npos);
}

TEST_CASE("a folder that links to itself ends") {
  const TemporaryFolder scratch;
  write_png(scratch / "sword/a.png", dot(1));
  std::filesystem::create_directory_symlink("..", scratch / "sword/up");
  CHECK(read_image_folder(scratch.path()).sprites.size() == 1);
}
