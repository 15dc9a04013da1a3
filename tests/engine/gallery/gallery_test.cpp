#include "engine/gallery/gallery.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "engine/base/file.h"
#include "engine/formats/image_file.h"
#include "engine/gallery/recipe_png.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using kiln::test::error_of;
using kiln::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

Image sprite(std::uint8_t shade) {
  Image image(16, 16);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    image.rgba[i] = shade;
    image.rgba[i + 3] = 255;
  }
  return image;
}

PictureRecipe recipe(const std::string& name, std::int64_t seed, const std::string& model = "dawn") {
  SpriteRecipe r;
  r.model_name = model;
  r.model_hash = std::string(64, 'a');
  r.condition = {{name, 1}};
  r.settings.sampler_params = {{"eta", 0.0}};
  r.settings.shared_params = defaults_of(sampling_specs());
  r.settings.shared_params["seed"] = seed;
  r.steps_done = 25;
  return {{r}, 1, 0, 1};
}

std::vector<std::string> names(const Gallery& gallery, const std::string& search = "", bool starred = false,
                               const std::string& collection = "", GalleryOrder order = GalleryOrder::kName) {
  std::vector<std::string> found;
  for (const std::size_t i : chosen_items(gallery.items(), search, starred, collection, order))
    found.push_back(gallery.items()[i].file);
  return found;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("kept sprites are PNGs with their recipe, numbered, and never written over") {
  TemporaryFolder folder;
  Gallery gallery(folder / "gallery");
  CHECK_FALSE(gallery.refresh());
  CHECK(gallery.keep(sprite(10), recipe("potion", 7)) == "potion-0001.png");
  CHECK(gallery.keep(sprite(20), recipe("potion", 8)) == "potion-0002.png");
  CHECK(gallery.keep(sprite(30), recipe("Slime / König", 9)) == "slime-k-nig-0001.png");
  CHECK(gallery.keep(sprite(40), {}) == "sprite-0001.png");
  CHECK(gallery.refresh());
  CHECK(names(gallery) == Names{"potion-0001.png", "potion-0002.png", "slime-k-nig-0001.png", "sprite-0001.png"});
  CHECK(read_image(folder / "gallery/potion-0002.png") == sprite(20));
  const auto kept = read_recipe((folder / "gallery/potion-0002.png").string());
  REQUIRE(kept.has_value());
  CHECK(recipe_text(*kept) == recipe_text(recipe("potion", 8)));
  gallery.remove({"potion-0002.png"});
  CHECK(gallery.keep(sprite(50), recipe("potion", 10)) == "potion-0003.png");  // the bin's number is not used again
  CHECK(gallery.binned() == Names{"potion-0002.png"});
  for (const auto& entry : fs::directory_iterator(folder / "gallery"))
    CHECK_FALSE(entry.path().filename().string().starts_with(".new"));
}

TEST_CASE("removing and undo bring back the bytes, the star and the collections") {
  TemporaryFolder folder;
  Gallery gallery(folder / "gallery");
  gallery.keep(sprite(10), recipe("potion", 7));
  gallery.keep(sprite(20), recipe("sword", 8));
  gallery.refresh();
  gallery.star({"potion-0001.png"}, true);
  gallery.collect({"potion-0001.png", "sword-0001.png"}, " Shop ", true);
  CHECK(gallery.collections() == Names{"Shop"});
  const Bytes before = read_file(folder / "gallery/potion-0001.png");
  gallery.remove({"potion-0001.png"});
  CHECK(gallery.refresh());
  CHECK(names(gallery) == Names{"sword-0001.png"});
  CHECK(names(gallery, "", true).empty());
  CHECK(gallery.can_undo());

  // Something else has its name by now: neither is lost.
  write_png(folder / "gallery/potion-0001.png", sprite(99));
  CHECK(gallery.undo() == Names{"potion-0001-2.png"});
  gallery.refresh();
  CHECK(read_file(folder / "gallery/potion-0001-2.png") == before);
  CHECK(read_image(folder / "gallery/potion-0001.png") == sprite(99));
  CHECK(names(gallery, "", true) == Names{"potion-0001-2.png"});
  CHECK(names(gallery, "", false, "Shop") == Names{"potion-0001-2.png", "sword-0001.png"});
  CHECK_FALSE(gallery.can_undo());
  CHECK(error_of([&] { gallery.undo(); }).code == ErrorCode::kNotFound);

  gallery.remove({"sword-0001.png"});
  fs::remove_all(folder / "gallery/.bin");  // emptied by hand
  CHECK(error_of([&] { gallery.undo(); }).code == ErrorCode::kNotFound);
}

TEST_CASE("stars and collections outlive the index, and a file of them that is damaged is left alone") {
  TemporaryFolder folder;
  {
    Gallery gallery(folder / "gallery");
    gallery.keep(sprite(10), recipe("potion", 7));
    gallery.refresh();
    gallery.star({"potion-0001.png"}, true);
    gallery.collect({"potion-0001.png"}, "Shop", true);
    CHECK(error_of([&] { gallery.star({"no.png"}, true); }).code == ErrorCode::kNotFound);
    CHECK(error_of([&] { gallery.collect({"potion-0001.png"}, " ", true); }).code == ErrorCode::kInvalidArgument);
  }
  CHECK(fs::remove(folder / "gallery/.index.sqlite"));
  Gallery again(folder / "gallery");
  again.refresh();
  CHECK(names(again, "", true, "Shop") == Names{"potion-0001.png"});
  write_file(folder / "gallery/collections.json", std::string_view("{\"starred\": 7"));
  CHECK(error_of([&] { again.refresh(); }).code == ErrorCode::kCorrupt);
  CHECK(names(again) == Names{"potion-0001.png"});
  CHECK(error_of([&] { again.star({"potion-0001.png"}, true); }).code == ErrorCode::kCorrupt);
  CHECK(read_text(folder / "gallery/collections.json") == "{\"starred\": 7");
}

TEST_CASE("what other programs change is noticed, and their pictures are welcome") {
  TemporaryFolder folder;
  Gallery gallery(folder.path());
  gallery.keep(sprite(10), recipe("potion", 7));
  CHECK(gallery.refresh());
  CHECK_FALSE(gallery.refresh());
  write_png(folder / "foreign.png", Image(200, 100));
  write_file(folder / "broken.png", std::string_view("no image"));
  write_file(folder / "notes.txt", std::string_view("nothing"));
  fs::create_directory(folder / "folder.png");
  CHECK(gallery.refresh());
  CHECK(names(gallery) == Names{"broken.png", "foreign.png", "potion-0001.png"});
  const GalleryItem& broken = gallery.items()[0];
  CHECK(broken.problem.find("broken.png") != std::string::npos);
  const GalleryItem& foreign = gallery.items()[1];
  CHECK(foreign.width == 200);
  CHECK(foreign.recipe.empty());
  CHECK(foreign.thumbnail.width == 50);
  CHECK(foreign.thumbnail.height == 25);
  write_png(folder / "foreign.png", sprite(70));
  CHECK(gallery.refresh());
  CHECK(gallery.items()[1].thumbnail == sprite(70));
  fs::remove(folder / "foreign.png");
  CHECK(gallery.refresh());
  CHECK(names(gallery) == Names{"broken.png", "potion-0001.png"});
}

TEST_CASE("the index holds what the files hold, and may be deleted, damaged or of another program") {
  TemporaryFolder folder;
  std::vector<GalleryItem> first;
  {
    Gallery gallery(folder.path());
    gallery.keep(sprite(10), recipe("potion", 7));
    gallery.keep(sprite(20), recipe("sword", 8));
    gallery.refresh();
    first = gallery.items();
  }
  const auto check_same = [&] {
    Gallery gallery(folder.path());
    gallery.refresh();
    REQUIRE(gallery.items().size() == first.size());
    for (std::size_t i = 0; i < first.size(); ++i) {
      const GalleryItem &a = gallery.items()[i], &b = first[i];
      CHECK(a.file == b.file);
      CHECK(a.recipe == b.recipe);
      CHECK(a.class_name == b.class_name);
      CHECK(a.seed == b.seed);
      CHECK(a.colours == b.colours);
      CHECK(a.thumbnail == b.thumbnail);
      CHECK(a.words == b.words);
    }
  };
  check_same();
  // It is used: a row that says something else is believed as long as the file is the same.
  CHECK(GalleryIndex(folder / ".index.sqlite").items().size() == 2);
  for (const std::string_view content : {"", "no database at all, and long enough that it is not taken for an empty one"}) {
    write_file(folder / ".index.sqlite", content);
    check_same();
  }
  fs::remove(folder / ".index.sqlite");
  check_same();
}

TEST_CASE("a search finds words of class, model, date, name, seed and colours; order is as asked") {
  TemporaryFolder folder;
  Gallery gallery(folder.path());
  gallery.keep(sprite(10), recipe("potion", 700123));
  gallery.keep(sprite(20), recipe("sword", 8, "zebra"));
  gallery.keep(sprite(30), recipe("axe", 9));
  for (const auto& [name, when] : {std::pair{"potion-0001.png", 3000}, {"sword-0001.png", 1000}, {"axe-0001.png", 2000}}) {
    const timespec times[2] = {{when, 0}, {when, 0}};
    ::utimensat(AT_FDCWD, (folder / name).c_str(), times, 0);
  }
  gallery.refresh();
  CHECK(names(gallery, "POTION") == Names{"potion-0001.png"});
  CHECK(names(gallery, "zebra sword") == Names{"sword-0001.png"});
  CHECK(names(gallery, "zebra potion").empty());
  CHECK(names(gallery, "700123") == Names{"potion-0001.png"});
  CHECK(names(gallery, "#140000") == Names{"sword-0001.png"});
  CHECK(names(gallery, "1970-01-01").size() + names(gallery, "1969-12-31").size() == 3);
  CHECK(names(gallery, "ddim").size() == 3);
  CHECK(names(gallery, "  ").size() == 3);
  const auto ordered = [&](GalleryOrder order) { return names(gallery, "", false, "", order); };
  CHECK(ordered(GalleryOrder::kNewest) == Names{"potion-0001.png", "axe-0001.png", "sword-0001.png"});
  CHECK(ordered(GalleryOrder::kOldest) == Names{"sword-0001.png", "axe-0001.png", "potion-0001.png"});
  CHECK(ordered(GalleryOrder::kClass) == Names{"axe-0001.png", "potion-0001.png", "sword-0001.png"});
  CHECK(ordered(GalleryOrder::kModel) == Names{"axe-0001.png", "potion-0001.png", "sword-0001.png"});
}

TEST_CASE("a folder that is read-only, gone or no folder costs nothing but a sentence") {
  TemporaryFolder folder;
  write_file(folder / "file", std::string_view("x"));
  Gallery none(folder / "file");
  CHECK(error_of([&] { none.refresh(); }).code == ErrorCode::kUnreadable);
  const Error refused = error_of([&] { none.keep(sprite(1), {}); });
  CHECK(refused.code == ErrorCode::kUnwritable);
  CHECK(refused.message.find("nothing can be kept in “" + (folder / "file").string() + "”") == 0);

  Gallery gallery(folder / "gallery");
  gallery.keep(sprite(10), recipe("potion", 7));
  gallery.refresh();
  fs::remove_all(folder / "gallery");
  CHECK(gallery.refresh());
  CHECK(gallery.items().empty());
  CHECK(error_of([&] { gallery.remove({"potion-0001.png"}); }).code == ErrorCode::kNotFound);
  CHECK(gallery.keep(sprite(10), recipe("potion", 7)) == "potion-0001.png");
  gallery.refresh();
  CHECK(names(gallery) == Names{"potion-0001.png"});

  CHECK(error_of([&] { gallery.remove({"../file"}); }).code == ErrorCode::kNotFound);
  CHECK(error_of([&] { gallery.restore("../potion-0001.png"); }).code == ErrorCode::kNotFound);
  CHECK(error_of([&] { gallery.restore("no.png"); }).code == ErrorCode::kNotFound);
  if (::geteuid() == 0) return;  // who may write everywhere
  fs::permissions(folder / "gallery", fs::perms::owner_read | fs::perms::owner_exec);
  CHECK(error_of([&] { gallery.keep(sprite(10), recipe("potion", 7)); }).code == ErrorCode::kUnwritable);
  CHECK(error_of([&] { gallery.remove({"potion-0001.png"}); }).code == ErrorCode::kUnwritable);
  fs::remove(folder / "gallery/.index.sqlite");
  Gallery reader(folder / "gallery");
  reader.refresh();
  CHECK(names(reader) == Names{"potion-0001.png"});
  fs::permissions(folder / "gallery", fs::perms::owner_all);
}

TEST_CASE("a PNG from elsewhere is copied byte for byte") {
  TemporaryFolder folder;
  write_png(folder / "My Hero.png", sprite(5));
  write_file(folder / "recipe.png", encode_png(sprite(6), recipe("potion", 7)));
  write_file(folder / "text.png", std::string_view("text"));
  Gallery gallery(folder / "gallery");
  CHECK(gallery.add(folder / "My Hero.png") == "my-hero-0001.png");
  CHECK(gallery.add(folder / "recipe.png") == "potion-0001.png");
  CHECK(read_file(folder / "gallery/my-hero-0001.png") == read_file(folder / "My Hero.png"));
  CHECK(read_file(folder / "gallery/potion-0001.png") == read_file(folder / "recipe.png"));
  CHECK(error_of([&] { gallery.add(folder / "text.png"); }).code == ErrorCode::kCorrupt);
}
