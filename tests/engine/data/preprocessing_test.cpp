#include "engine/data/preprocessing.h"

#include <doctest/doctest.h>

#include <set>

#include "engine/pixelart/colours.h"
#include "engine/pixelart/crop.h"
#include "tests/engine/data/folders.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("enlarged art is brought back to its own pixels, size by size; then cropped and padded") {
  auto set = collection_of({{"a", picture({"1122..", "1122..", "......", "......"})},
                            {"a", picture({"....11", "....11", "..33..", "..33.."})},
                            {"a", picture({"12", "34"})}});
  Preprocessing preprocessing;
  preprocessing.downscale = kDetectFactor;
  preprocessing.crop = true;
  preprocessing.pad = {2, 2};
  fix(set, preprocessing);
  REQUIRE(set.sprites.size() == 3);
  CHECK(set.sprites[0].image == picture({"12", ".."}));
  CHECK(set.sprites[1].image == picture({".1", "3."}));
  CHECK(set.sprites[2].image == picture({"12", "34"}));
}

TEST_CASE("what cannot be done to a sprite leaves it out by name, and the others stay") {
  auto set = collection_of({{"a", picture({"12", "34"})}, {"a", picture({"12345"})}});
  Preprocessing preprocessing;
  preprocessing.pad = {4, 4};
  fix(set, preprocessing);
  REQUIRE(set.sprites.size() == 1);
  CHECK(set.sprites[0].image == picture({"....", ".12.", ".34.", "...."}));
  REQUIRE(set.left_out.size() == 1);
  CHECK(set.left_out[0].file == "a/1.png");
  CHECK(set.left_out[0].error.message.find("a/1.png") != std::string::npos);
}

TEST_CASE("backgrounds and soft alpha") {
  auto set = collection_of({{"a", picture({"0000", "0120", "0210", "0000"})}, {"a", picture({"s12.", "....", "...."})}});
  Preprocessing preprocessing;
  preprocessing.background_to_alpha = preprocessing.hard_alpha = true;
  fix(set, preprocessing);
  CHECK(set.sprites[0].image == picture({"....", ".12.", ".21.", "...."}));
  CHECK(set.sprites[1].image == picture({".12.", "....", "...."}));
}

TEST_CASE("a cell of nothing but the background that others have is empty") {
  auto set = collection_of(
      {{"a", picture({"0000", "0120", "0210", "0000"})}, {"a", picture({"0000", "0000"})}, {"a", picture({"33", "33"})}});
  Preprocessing preprocessing;
  preprocessing.background_to_alpha = preprocessing.drop_empty = true;
  fix(set, preprocessing);
  REQUIRE(set.sprites.size() == 2);
  CHECK(set.sprites[0].image == picture({"....", ".12.", ".21.", "...."}));
  CHECK(set.sprites[1].image == picture({"33", "33"}));
}

TEST_CASE("classes are renamed, merged and dropped; a name that is not there is an error that knows the near one") {
  auto set = collection_of({{"axe", picture({"1"})}, {"sword", picture({"2"})}, {"junk", picture({"3"})}});
  Preprocessing preprocessing;
  preprocessing.renames = {{"axe", "sword"}, {"sword", "blade"}};  // both at once, by their old names
  preprocessing.drop_classes = {"junk"};
  fix(set, preprocessing);
  REQUIRE(set.sprites.size() == 2);
  CHECK(set.sprites[0].class_name == "sword");
  CHECK(set.sprites[1].class_name == "blade");

  Preprocessing wrong;
  wrong.renames = {{"swird", "axe"}};
  CHECK(error_of([&] { fix(set, wrong); }).hint.find("sword") != std::string::npos);
}

TEST_CASE("copies and empty sprites are dropped, and the first of each stays") {
  const Image sprite = picture({"1.2.", "3.4.", "5...", "1234"});
  const Image mirror = picture({".2.1", ".4.3", "...5", "4321"});
  auto set = collection_of({{"a", sprite}, {"b", sprite}, {"a", mirror}, {"a", picture({"....", "....", "....", "...."})}});
  Preprocessing exact;
  exact.drop_duplicates = exact.drop_empty = true;
  fix(set, exact);
  REQUIRE(set.sprites.size() == 2);
  CHECK(set.sprites[0].file == "a/0.png");
  CHECK(set.sprites[1].file == "a/2.png");
  Preprocessing near;
  near.drop_near_duplicates = true;
  fix(set, near);
  REQUIRE(set.sprites.size() == 1);
  CHECK(set.notes.size() == 2);
}

TEST_CASE("a key colour becomes transparent, also within the sprite, and no other colour does") {
  Image sprite = picture({"1234", "5678"});
  const auto paint = [&](int x, std::uint8_t green) {
    auto* p = sprite.pixel(x, 0);
    p[0] = p[2] = 255, p[1] = green;
  };
  paint(1, 0);
  paint(2, 1);
  auto set = collection_of({{"a", sprite}});
  Preprocessing preprocessing;
  preprocessing.key_colour = "#ff00ff";
  fix(set, preprocessing);
  for (int i = 0; i < 4; ++i) sprite.pixel(1, 0)[i] = 0;
  CHECK(set.sprites[0].image == sprite);
}

TEST_CASE("a palette fitted to all sprites brings them all to its colours") {
  auto set = collection_of({{"a", picture({"1234", "5678"})}, {"a", picture({"8765", "...."})}});
  Preprocessing preprocessing;
  preprocessing.palette = "auto:3";
  fix(set, preprocessing);
  std::set<Rgb8> colours;
  for (const auto& sprite : set.sprites) {
    for (const auto& colour : distinct_colours(sprite.image)) colours.insert(colour);
  }
  CHECK(colours.size() == 3);
  CHECK(set.sprites[1].image.pixel(0, 1)[3] == 0);
}

TEST_CASE("preprocessing that make no sense are refused before anything is done") {
  SpriteCollection set;
  const auto refused = [&](Preprocessing preprocessing) {
    return error_of([&] { PreprocessingWork work(set, preprocessing); }).code == ErrorCode::kInvalidArgument;
  };
  Preprocessing r;
  r.downscale = -1;
  CHECK(refused(r));
  r = {};
  r.pad = {16, 0};
  CHECK(refused(r));
  r = {};
  r.palette = "auto:many";
  CHECK(refused(r));
  r = {};
  r.key_colour = "pink";
  CHECK(error_of([&] { PreprocessingWork work(set, r); }).code == ErrorCode::kCorrupt);
}

TEST_CASE("frames of an animation are cropped alike, so that they move as before; each animation on its own") {
  SpriteCollection collection;
  const auto add = [&](int left, int top, int frame) {
    Image image(16, 16);
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 4; ++x) image.pixel(left + x, top + y)[3] = 255;
    }
    collection.sprites.push_back({std::to_string(collection.sprites.size()), "ball", std::move(image), frame});
  };
  add(6, 10, 0), add(6, 7, 1), add(6, 4, 2);
  add(2, 10, 1), add(2, 9, 0);  // in another order
  add(0, 0, -1);
  Preprocessing preprocessing;
  preprocessing.crop = true;
  fix(collection, preprocessing);
  std::vector<std::pair<int, int>> sizes;
  for (const auto& sprite : collection.sprites) sizes.emplace_back(sprite.image.width, sprite.image.height);
  CHECK((sizes == std::vector<std::pair<int, int>>{{4, 10}, {4, 10}, {4, 10}, {4, 5}, {4, 5}, {4, 4}}));
  CHECK(content_rect(collection.sprites[1].image).y == 3);
  CHECK(content_rect(collection.sprites[3].image).y == 1);
  CHECK(content_rect(collection.sprites[4].image).y == 0);
}

TEST_CASE("a part of a split set, or a class, is put aside by its name before renaming; another name is refused") {
  const auto parts = [] {
    SpriteCollection set;
    set.splits = {"data/train", "data/val", "data/value"};
    for (const char* file : {"data/train/elf/a.png", "data/train/orc/b.png", "data/val/elf/c.png", "data/value/elf/d.png"}) {
      const std::string name = std::string(file).find("orc") == std::string::npos ? "elf" : "orc";
      set.sprites.push_back({file, name, picture({"12", "34"})});
    }
    return set;
  };
  const auto aside = [](const SpriteCollection& set) {
    std::string all;
    for (const auto& sprite : set.sprites) all += sprite.held_out ? "x" : ".";
    return all;
  };
  for (const char* name : {"val", "data/val"}) {
    auto set = parts();
    fix(set, {.hold_out = {name}, .renames = {{"elf", "fair"}}});
    CHECK(aside(set) == "..x.");
    CHECK(set.sprites[2].class_name == "fair");
    REQUIRE(set.notes.size() == 1);
    CHECK(set.notes[0].find(name) != std::string::npos);
  }
  auto plain = parts();
  fix(plain, {});
  CHECK(aside(plain) == "....");
  CHECK(plain.notes.empty());
  auto by_class = parts();
  fix(by_class, {.hold_out = {"orc"}});
  CHECK(aside(by_class) == ".x..");
  auto other = parts();
  const Error error = error_of([&] { fix(other, {.hold_out = {"vla"}}); });
  CHECK(error.code == ErrorCode::kInvalidArgument);
  CHECK(error.message.find("“vla”") != std::string::npos);
}
