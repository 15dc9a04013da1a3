#include "engine/formats/image_folder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

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

TEST_CASE("a link takes no folder's place: what it leads to keeps its own class, and the link is named") {
  const TemporaryFolder scratch;
  write_png(scratch / "elf/a.png", dot(1));
  write_png(scratch / "orc/deep/b.png", dot(2));
  write_png(scratch / "zz/c.png", dot(3));
  std::filesystem::create_directory_symlink("../orc", scratch / "elf/more");
  std::filesystem::create_directory_symlink("../orc/deep", scratch / "elf/deeper");
  std::filesystem::create_directory_symlink("zz", scratch / "aa");
  const ImageFolderListing folder = list_image_folder(scratch.path());
  REQUIRE(folder.images.size() == 3);
  CHECK(folder.images[0].class_name == "elf");
  CHECK(folder.images[1].class_name == "orc");
  CHECK(folder.images[2].file == "zz/c.png");
  CHECK(folder.images[2].class_name == "zz");
  CHECK(folder.notes.size() == 3);
  for (const std::string link : {"aa", "elf/deeper", "elf/more"}) {
    CAPTURE(link);
    CHECK(std::any_of(folder.notes.begin(), folder.notes.end(),
                      [&](const std::string& note) { return note.find("“" + link + "”") != std::string::npos; }));
  }
}

TEST_CASE("a class that is a link to a folder elsewhere is followed before links inside of classes") {
  const TemporaryFolder scratch, elsewhere;
  write_png(scratch / "bow/a.png", dot(1));
  write_png(elsewhere / "b.png", dot(2));
  std::filesystem::create_directory_symlink(elsewhere.path(), scratch / "bow/more");
  std::filesystem::create_directory_symlink(elsewhere.path(), scratch / "sword");
  const ImageFolderListing folder = list_image_folder(scratch.path());
  REQUIRE(folder.images.size() == 2);
  CHECK(folder.images[1].file == "sword/b.png");
  CHECK(folder.notes.size() == 1);
}

TEST_CASE("a link to a folder of other things, thousands of them, is refused by its name") {
  const TemporaryFolder scratch, elsewhere;
  write_png(scratch / "sword/a.png", dot(1));
  std::filesystem::create_directory_symlink(elsewhere.path(), scratch / "sword/out");
  for (int i = 0; i < 101; ++i) {
    std::filesystem::create_directories(elsewhere / std::to_string(i));
    for (int k = 0; k < 100; ++k)
      std::filesystem::create_symlink("nowhere", elsewhere / (std::to_string(i) + "/" + std::to_string(k)));
  }
  const Error error = error_of([&] { list_image_folder(scratch.path()); });
  CHECK(error.code == ErrorCode::kUnsupported);
  CHECK(error.message.find("“sword/out”") != std::string::npos);
  CHECK(!error.hint.empty());
}

TEST_CASE("folders and files that systems make are no classes and no sprites") {
  const TemporaryFolder scratch;
  write_png(scratch / "sword/a.png", dot(1));
  for (const std::string system :
       {"@eaDir", "@EADIR", "@Recycle", "@tmp", "@Recently-Snapshot", "#recycle", "#snapshot", "$RECYCLE.BIN", "RECYCLER",
        "__MACOSX", "__macosx", "lost+found", "System Volume Information", "Temporary Items", ".git"}) {
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

TEST_CASE("folders of thumbnails are no classes, and are named") {
  const TemporaryFolder scratch;
  write_png(scratch / "sword/a.png", dot(1));
  for (const std::string name : {"Thumbnails", "sword/thumbs", "sword/_thumbs"}) write_png(scratch / (name + "/a.png"), dot(2));
  const ImageFolderListing folder = list_image_folder(scratch.path());
  CHECK(folder.images.size() == 1);
  REQUIRE(folder.notes.size() == 1);
  for (const std::string name : {"Thumbnails", "sword/thumbs", "sword/_thumbs"})
    CHECK(folder.notes.front().find(name) != std::string::npos);
}

namespace {

// The classes of a folder with one image at each of `files`, and what was refused.
std::map<std::string, int> classes_of(const std::vector<std::string>& files, std::vector<std::string>* refused = nullptr,
                                      std::vector<std::string>* splits = nullptr) {
  const TemporaryFolder scratch;
  for (const std::string& file : files) {
    if (file.ends_with(".txt"))
      write_file(scratch / file, std::string_view("text"));
    else
      write_png(scratch / file, dot(1));
  }
  const ImageFolderListing folder = list_image_folder(scratch.path());
  std::map<std::string, int> classes;
  for (const ImagePath& image : folder.images) ++classes[image.class_name];
  for (const UnreadableFile& bad : folder.refused) {
    if (refused) refused->push_back(bad.file);
  }
  if (splits) *splits = folder.splits;
  return classes;
}

}  // namespace

TEST_CASE("the class folders in train, val and test are one set, by whatever names and whatever else lies there") {
  using Classes = std::map<std::string, int>;
  const Classes both{{"elf", 2}, {"orc", 1}};
  std::vector<std::string> refused, splits;
  CHECK((classes_of({"train/elf/a.png", "train/orc/b.png", "Test/elf/c.png"}, &refused, &splits) == both));
  CHECK(refused.empty());
  CHECK(splits == std::vector<std::string>{"Test", "train"});
  CHECK((classes_of({"training_set/elf/a.png", "training_set/orc/b.png", "test_set/elf/c.png"}) == both));
  CHECK((classes_of({"x_train/elf/a.png", "x_train/orc/b.png", "x_test/elf/c.png"}) == both));
  CHECK((classes_of({"train/elf/a.png", "holdout/elf/b.png", "holdout/orc/c.png"}) == both));
  CHECK((classes_of({"train2017/elf/a.png", "val2017/elf/b.png", "val2017/orc/c.png"}) == both));
  CHECK((classes_of({"fold1/elf/a.png", "fold2/elf/b.png", "fold2/orc/c.png"}) == both));
  CHECK((classes_of({"data/train/elf/a.png", "data/train/orc/b.png", "data/val/elf/c.png"}) == both));
  CHECK((classes_of({"set/train/elf/a.png", "set/train/orc/b.png", "set/val/elf/c.png"}) == both));
  CHECK((classes_of({"train/images/elf/a.png", "train/images/orc/b.png", "val/images/elf/c.png", "val/labels/x.txt"}) == both));
  CHECK((classes_of({"train/elf/a.png", "train/orc/b.png", "val/elf/c.png", "train/_notes.txt", "labels.txt", "docs/x.txt"}) ==
         both));
  CHECK((classes_of({"train/elf/a.png", "train/orc/b.png", "val/elf/c.png", "notes/d.png"}) ==
         Classes{{"elf", 2}, {"notes", 1}, {"orc", 1}}));
  CHECK((classes_of({"train/elf/a.png", "train/unlabeled/b.png", "unlabeled/c.png"}) == Classes{{"elf", 1}, {"unlabeled", 2}}));

  refused.clear();
  CHECK(
      (classes_of({"train/elf/a.png", "train/orc/b.png", "val/elf/c.png", "preview.png", "train/overview.png"}, &refused) == both));
  CHECK(refused == std::vector<std::string>{"preview.png", "train/overview.png"});
}

TEST_CASE("classes with names as of splits stay classes where no class folders are in them") {
  using Classes = std::map<std::string, int>;
  std::vector<std::string> splits;
  CHECK((classes_of({"train/a.png", "test/b.png"}, nullptr, &splits) == Classes{{"test", 1}, {"train", 1}}));
  CHECK(splits.empty());
  CHECK((classes_of({"fold1/up/a.png", "sheet/b.png"}) == Classes{{"fold1", 1}, {"sheet", 1}}));
  CHECK((classes_of({"elf/train/a.png", "elf/val/b.png", "orc/train/c.png"}) == Classes{{"elf", 2}, {"orc", 1}}));
  CHECK((classes_of({"slime/walk/a.png", "slime/jump/b.png"}) == Classes{{"slime", 2}}));
  CHECK((classes_of({"contest/elf/a.png", "trained/orc/b.png"}) == Classes{{"contest", 1}, {"trained", 1}}));
}

TEST_CASE("a single folder called data or images around the class folders is no class") {
  const TemporaryFolder scratch;
  write_png(scratch / "data/images/elf/a.png", dot(1));
  write_png(scratch / "data/images/orc/b.png", dot(2));
  const ImageFolderListing folder = list_image_folder(scratch.path());
  REQUIRE(folder.images.size() == 2);
  CHECK(folder.images[1].class_name == "orc");
  CHECK(folder.images[1].file == "data/images/orc/b.png");
  REQUIRE(folder.notes.size() == 1);
  CHECK(folder.notes.front().find("“data/images”") != std::string::npos);
}
