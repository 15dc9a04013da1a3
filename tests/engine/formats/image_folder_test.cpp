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

TEST_CASE("linked folders are read once, and never those that lead back") {
  const TemporaryFolder scratch, elsewhere;
  write_png(scratch / "sword/a.png", dot(1));
  write_png(elsewhere / "deep/b.png", dot(2));
  std::filesystem::create_directory_symlink(elsewhere.path(), scratch / "sword/more");
  std::filesystem::create_directory_symlink(elsewhere.path(), scratch / "sword/more again");
  std::filesystem::create_directory_symlink("..", scratch / "sword/up");
  std::filesystem::create_directory_symlink(".", scratch / "all");
  const ImageFolderListing folder = list_image_folder(scratch.path());
  REQUIRE(folder.images.size() == 2);
  CHECK(folder.images[0].file == "sword/a.png");
  CHECK(folder.images[1].file == "sword/more/deep/b.png");
  CHECK(folder.images[1].class_name == "sword");
}

TEST_CASE("folders and files that systems make are no classes and no sprites") {
  const TemporaryFolder scratch;
  write_png(scratch / "sword/a.png", dot(1));
  for (const std::string system :
       {"@eaDir", "__MACOSX", "#recycle", "$RECYCLE.BIN", "lost+found", "System Volume Information", ".git"}) {
    write_png(scratch / (system + "/sword/a.png"), dot(2));
    write_png(scratch / ("sword/" + system + "/thumb.png"), dot(3));
  }
  write_png(scratch / "sword/._a.png", dot(4));
  write_file(scratch / "sword/Thumbs.db", std::string_view("x"));
  const ImageFolderListing folder = list_image_folder(scratch.path());
  REQUIRE(folder.images.size() == 1);
  CHECK(folder.images[0].file == "sword/a.png");
  CHECK(folder.other_files.empty());
  CHECK(folder.refused.empty());
}

TEST_CASE("train, val and test with class folders inside are one set") {
  const TemporaryFolder scratch;
  write_png(scratch / "train/sword/a.png", dot(1));
  write_png(scratch / "train/bow/b.png", dot(2));
  write_png(scratch / "Test/sword/c.png", dot(3));
  const ImageFolderListing folder = list_image_folder(scratch.path());
  CHECK(folder.merged_splits);
  REQUIRE(folder.images.size() == 3);
  for (const auto& image : folder.images) CHECK(image.class_name == (image.file == "train/bow/b.png" ? "bow" : "sword"));
  // Classes that are called so stay classes.
  write_png(scratch / "train/loose.png", dot(4));
  const ImageFolderListing classes = list_image_folder(scratch.path());
  CHECK_FALSE(classes.merged_splits);
  CHECK(classes.images[0].class_name == "Test");
}
