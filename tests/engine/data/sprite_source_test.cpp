#include "engine/data/sprite_source.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "engine/base/file.h"
#include "engine/data/collected_set.h"
#include "engine/formats/ase/ase_file.h"
#include "engine/formats/gif.h"
#include "engine/formats/image_file.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/starter.h"
#include "tests/engine/data/arrays.h"
#include "tests/engine/data/folders.h"
#include "tests/engine/data/support.h"
#include "tests/support/source_folder.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("a folder: classes from its folders, bad files by name, the rest read") {
  const TemporaryFolder folder;
  write_png(folder / "potion/red.png", picture({"1.", ".2"}));
  write_png(folder / "sword/long.png", picture({"12", "34"}));
  write_file(folder / "sword/cut.png", std::string_view("\x89PNG\r\n"));
  write_file(folder / "sword/empty.png", std::string_view(""));
  write_file(folder / "sword/text.gif", std::string_view("not a picture"));
  write_file(folder / "sword/notes.txt", std::string_view("sharp"));
  write_png(folder / "loose.png", picture({"1"}));
  std::filesystem::create_symlink("nowhere.png", folder / "sword/lost.png");
  std::filesystem::create_directories(folder / "sword/folder.png");

  const auto read = read_collection({folder.path().string(), {}, {}, {}});
  REQUIRE(read.sprites.size() == 2);
  CHECK(read.sprites[0].file == "potion/red.png");
  CHECK(read.sprites[0].class_name == "potion");
  CHECK(read.sprites[1].image == picture({"12", "34"}));
  CHECK(read.passed_over == std::vector<std::string>{"sword/notes.txt"});
  std::vector<std::string> bad;
  for (const auto& entry : read.left_out) {
    bad.push_back(entry.file);
    CHECK(!entry.error.message.empty());
    CHECK(!entry.error.hint.empty());
  }
  CHECK(bad == std::vector<std::string>{"loose.png", "sword/cut.png", "sword/empty.png", "sword/lost.png", "sword/text.gif"});
}

TEST_CASE("sheets: cells of a grid with empty ones left out; a flat folder's sheets are a class each") {
  const TemporaryFolder folder;
  const Image sheet = picture({"12.34", "21.43", ".....", "55...", "55..."});
  write_png(folder / "hero.png", sheet);
  write_png(folder / "tree.png", sheet);
  const CellGrid grid{2, 2, 0, 0, 1, 1};

  const auto one = read_collection({(folder / "hero.png").string(), grid, {}, {}});
  REQUIRE(one.sprites.size() == 3);
  CHECK(one.sprites[1].file == "hero.png@1,0");
  CHECK(one.sprites[1].class_name == "hero");
  CHECK(one.sprites[1].image == picture({"34", "43"}));
  const auto both = read_collection({folder.path().string(), grid, {}, {}});
  REQUIRE(both.sprites.size() == 6);
  CHECK(both.sprites[5].class_name == "tree");

  CHECK(error_of([&] { read_collection({(folder / "hero.png").string(), {}, {}, {}}); }).hint.find("16x16") != std::string::npos);
}

TEST_CASE("what a grid leaves at the edges is told where something is drawn there") {
  const TemporaryFolder folder;
  write_png(folder / "right.png", picture({"12.34.5", "21.43.5"}));
  write_png(folder / "below.png", picture({"12", "21", "..", "34"}));
  write_png(folder / "empty.png", picture({"12..", "21..", "...."}));
  const auto notes = [&](const std::string& name, const CellGrid& grid) {
    return read_collection({(folder / name).string(), grid, {}, {}}).notes;
  };
  const auto right = notes("right.png", {2, 2, 0, 0, 1, 1});
  REQUIRE(right.size() == 1);
  CHECK(right[0].find("1 columns at the right") != std::string::npos);
  const auto below = notes("below.png", {2, 3, 0, 0, 0, 0});
  REQUIRE(below.size() == 1);
  CHECK(below[0].find("1 rows at the bottom") != std::string::npos);
  CHECK(notes("empty.png", {2, 2, 0, 0, 0, 0}).empty());
  CHECK(notes("right.png", {7, 2, 0, 0, 0, 0}).empty());
}

TEST_CASE("each frame of an animation is a sprite; animations that lie in no class folder are a class each") {
  const TemporaryFolder folder;
  for (const std::string place : {"hero/walk", "walk", "jump"}) {
    std::filesystem::create_directories((folder / place).parent_path());
    std::filesystem::copy_file(source_folder() / "tests/golden/formats/moving.png", folder / (place + ".png"));
  }
  const auto one = read_collection({(folder / "walk.png").string(), {}, {}, {}});
  REQUIRE(one.sprites.size() == 3);
  CHECK(one.sprites[0].class_name == "walk");
  CHECK(one.sprites[2].file == "walk.png#2");
  CHECK(one.sprites[0].image != one.sprites[2].image);
  const auto classes = read_collection({folder.path().string(), {}, {}, {}});
  REQUIRE(classes.sprites.size() == 3);
  CHECK(classes.sprites[1].file == "hero/walk.png#1");
  CHECK(classes.sprites[1].class_name == "hero");
  std::filesystem::remove_all(folder / "hero");
  const auto flat = read_collection({folder.path().string(), {}, {}, {}});
  REQUIRE(flat.sprites.size() == 6);
  CHECK(flat.sprites[0].class_name == "jump");
  CHECK(flat.sprites[5].class_name == "walk");
}

TEST_CASE("an Aseprite file: its tags are the classes") {
  const TemporaryFolder folder;
  write_png(folder / "sheet.png", picture({"1122", "1122"}));
  write_file(folder / "sheet.json", std::string_view(R"({"frames": [
    {"filename": "a", "frame": {"x": 0, "y": 0, "w": 2, "h": 2}, "rotated": false, "trimmed": false},
    {"filename": "b", "frame": {"x": 2, "y": 0, "w": 2, "h": 2}, "rotated": false, "trimmed": false}],
    "meta": {"image": "/elsewhere/sheet.png", "frameTags": [{"name": "walk", "from": 1, "to": 1, "direction": "forward"}]}})"));
  const auto read = read_collection({(folder / "sheet.json").string(), {}, {}, {}});
  REQUIRE(read.sprites.size() == 2);
  CHECK(read.sprites[0].class_name == "sheet");
  CHECK(read.sprites[1].class_name == "walk");
  CHECK(read.sprites[1].image == picture({"22", "22"}));
}

TEST_CASE("endings in capitals are the same endings") {
  const TemporaryFolder folder;
  write_png(folder / "sheet.png", picture({"1122", "1122"}));
  write_file(folder / "SHEET.JSON", std::string_view(R"({"frames": {"a": {"frame": {"x": 0, "y": 0, "w": 2, "h": 2}},
    "b": {"frame": {"x": 2, "y": 0, "w": 2, "h": 2}}}, "meta": {"image": "sheet.png"}})"));
  CHECK(read_collection({(folder / "SHEET.JSON").string(), {}, {}, {}}).sprites.size() == 2);
  write_array(folder / "SET.NPY", "u1", {3, 1, 2, 4}, std::vector<std::uint8_t>(24, 200));
  CHECK(read_collection({(folder / "SET.NPY").string(), {}, {}, {}}).passed_over.empty());
}

TEST_CASE("what is not used of an Aseprite file is told: slices beside frames, and hidden layers under a grid") {
  const TemporaryFolder folder;
  const auto notes = [&](const std::string& name, std::optional<CellGrid> grid) {
    return read_collection({(source_folder() / "tests/golden/formats" / name).string(), grid, {}, {}}).notes;
  };
  const auto has = [](const std::vector<std::string>& all, const std::string& words) {
    return std::any_of(all.begin(), all.end(), [&](const std::string& note) { return note.find(words) != std::string::npos; });
  };
  CHECK(has(notes("hidden.aseprite", CellGrid{1, 1, 0, 0, 0, 0}), "hidden layers are left out"));
  CHECK(has(notes("sliced_frames.aseprite", {}), "slices are not cut"));
}

TEST_CASE("Aseprite's own files: frames by their tags, slices of a single picture, and in class folders as other images") {
  const TemporaryFolder folder;
  const auto golden_file = [](const std::string& name) { return source_folder() / "tests/golden/formats" / name; };
  const auto tagged = read_collection({golden_file("tags.aseprite").string(), {}, {}, {}});
  std::vector<std::string> notes;
  const AseFile file = read_ase(read_file(golden_file("tags.aseprite")), "tags.aseprite", notes);
  std::size_t drawn = 0;
  for (const AseSprite& frame : file.frames) {
    if (content_rect(frame.image).width == 0) continue;
    REQUIRE(drawn < tagged.sprites.size());
    CHECK(tagged.sprites[drawn].class_name == (frame.class_name.empty() ? "tags" : frame.class_name));
    CHECK(tagged.sprites[drawn].file == "tags.aseprite#" + frame.name);
    CHECK(tagged.sprites[drawn].image == with_hidden_colour_cleared(frame.image));
    ++drawn;
  }
  CHECK(drawn == tagged.sprites.size());
  CHECK(drawn > 2);

  std::filesystem::create_directories(folder / "hero");
  std::filesystem::copy_file(golden_file("tags.aseprite"), folder / "hero/walk.ase");
  const auto in_folder = read_collection({folder.path().string(), {}, {}, {}});
  REQUIRE(in_folder.sprites.size() == drawn);
  // Of several tags, each is a class of its own, so that their frames do not share numbers.
  for (std::size_t i = 0; i < drawn; ++i) {
    const std::string& tag = tagged.sprites[i].class_name;
    CHECK(in_folder.sprites[i].class_name == (tag == "tags" ? "hero" : "hero " + tag));
    CHECK(in_folder.sprites[i].frame == tagged.sprites[i].frame);
  }
  REQUIRE(!in_folder.notes.empty());
  CHECK(in_folder.notes.back().find("hero/walk.ase: its ") == 0);
  for (const char* name : {"“hero all”", "“hero walk”"}) CHECK(in_folder.notes.back().find(name) != std::string::npos);

  Bytes one_tag = read_file(golden_file("tags.aseprite"));
  constexpr std::uint8_t kFiveTags[] = {0x18, 0x20, 5, 0};
  const auto chunk = std::search(one_tag.begin(), one_tag.end(), std::begin(kFiveTags), std::end(kFiveTags));
  REQUIRE(chunk != one_tag.end());
  chunk[2] = 1;
  write_file(folder / "hero/walk.ase", one_tag);
  const auto plain = read_collection({folder.path().string(), {}, {}, {}});
  REQUIRE(plain.sprites.size() == drawn);
  for (const auto& sprite : plain.sprites) CHECK(sprite.class_name == "hero");
  CHECK(plain.notes.empty());

  std::filesystem::resize_file(folder / "hero/walk.ase", 200);
  write_png(folder / "hero/a.png", picture({"1"}));
  const auto damaged = read_collection({folder.path().string(), {}, {}, {}});
  REQUIRE(damaged.left_out.size() == 1);
  CHECK(damaged.left_out[0].file == "hero/walk.ase");
}

TEST_CASE("other files are refused by what they are") {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& name, const std::string& content) {
    write_file(folder / name, content);
    const Error error = error_of([&] { read_collection({(folder / name).string(), {}, {}, {}}); });
    CHECK(error.message.find(name) != std::string::npos);
    CHECK(!error.hint.empty());
    return error.message;
  };
  CHECK(refusal("set.zip", "PK\x03\x04 and so on").find("a ZIP archive") != std::string::npos);
  CHECK(refusal("tiles.tsx", "<?xml version=\"1.0\"?><tileset name=\"t\"></tileset>").find("a tile set of Tiled") !=
        std::string::npos);
  CHECK(refusal("hero.pxo", "{}").find("Pixelorama") != std::string::npos);
  CHECK(refusal("notes.txt", "sharp").find("no folder, image") != std::string::npos);
  CHECK(refusal("model.safetensors", "version https://git-lfs.github.com/spec/v1\n").find("Git LFS") != std::string::npos);
}

TEST_CASE("frames of an animation are numbered, what only lies in one file is not") {
  const TemporaryFolder folder;
  const std::vector<Image> frames = draw_starter_frames("bouncing_slime", 16, 3);
  write_file(folder / "slime/bounce.gif", encode_gif(frames, std::vector<int>(frames.size(), 100), true));
  std::vector<Image> many, apart(2, Image(16, 16));
  for (int i = 0; i < 20; ++i) many.push_back(drawing(7, static_cast<std::uint64_t>(i)));
  apart[0].pixel(1, 1)[3] = apart[1].pixel(14, 14)[3] = 255;
  write_file(folder / "many/all.gif", encode_gif(many, std::vector<int>(many.size(), 100), true));
  write_file(folder / "other/things.gif", encode_gif(apart, {100, 100}, true));
  write_png(folder / "still/one.png", frames[0]);
  const auto read = read_collection({.path = folder.path().string()});
  REQUIRE(read.sprites.size() == frames.size() + 20 + 2 + 1);
  std::map<std::string, std::vector<int>> numbers;
  for (const auto& sprite : read.sprites) numbers[sprite.class_name].push_back(sprite.frame);
  CHECK((numbers["slime"] == std::vector<int>{0, 1, 2, 3}));
  CHECK((numbers["many"] == std::vector<int>(20, -1)));
  CHECK((numbers["other"] == std::vector<int>(2, -1)));
  CHECK((numbers["still"] == std::vector<int>(1, -1)));
  const SpriteSet set = make_sprite_set(read, "them");
  CHECK((frame_counts(set) == std::vector<int>{0, 0, 4, 0}));
}
