#include "engine/session/export_files.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/api/data_file.h"
#include "engine/base/rect.h"
#include "engine/data/collection_reader.h"
#include "engine/formats/image_file.h"
#include "engine/formats/png_chunks.h"
#include "engine/formats/sheet_json.h"
#include "engine/session/played_tags.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using nlohmann::json;
using test::error_of;
namespace fs = std::filesystem;

namespace {

// A rectangle of another colour and place for each number, transparent around it.
Sprite sprite(int number, const std::string& class_name) {
  Image image(8, 8);
  for (int y = number % 3; y < 6; ++y) {
    for (int x = 1 + number % 2; x < 7 - number % 3; ++x) {
      std::uint8_t* pixel = image.pixel(x, y);
      pixel[0] = static_cast<std::uint8_t>(40 * number), pixel[1] = static_cast<std::uint8_t>(x), pixel[2] = 9, pixel[3] = 255;
    }
  }
  Sprite made{image, {}};
  if (!class_name.empty()) made.recipe.condition = {{class_name, 1}};
  return made;
}

std::vector<Sprite> sprites() {
  return {sprite(0, "potion"), sprite(1, "big cat"), sprite(2, "potion"), sprite(3, ""), sprite(4, "big cat")};
}

ExportFiles made(const std::string& path, ParamMap options) {
  return make_export_files({{}, path, sprites(), std::move(options), {}, false});
}

}  // namespace

TEST_CASE("a sheet with Aseprite's JSON is read back as the same sprites and classes, however it is laid out") {
  const std::vector<ParamMap> layouts = {{},
                                         {{"padding", 3}, {"border", 2}, {"columns", 2}},
                                         {{"extrude", 2}, {"power_of_two", true}},
                                         {{"inner_padding", 2}, {"indexed", true}},
                                         {{"trim", true}, {"padding", 1}},
                                         {{"trim", true}, {"inner_padding", 1}}};
  for (const char* atlas : {"aseprite-hash", "aseprite-array"}) {
    for (ParamMap options : layouts) {
      options["atlas"] = std::string(atlas);
      const ExportFiles files = made("out/s.png", options);
      REQUIRE(files.files.size() == 2);
      CHECK(files.files[1].path == fs::path("out/s.json"));
      std::vector<std::string> notes;
      const Bytes& text = files.files[1].bytes;
      const auto sheets = read_sheet_json({reinterpret_cast<const char*>(text.data()), text.size()}, "s.json", notes);
      const auto read = cut_frames(decode_image(files.files[0].bytes, "s.png"), sheets.at(0), "s.json", notes);
      CHECK(notes.empty());
      REQUIRE(read.size() == 5);
      const std::size_t order[] = {0, 2, 1, 4, 3};  // classes together
      const char* classes[] = {"potion", "potion", "big cat", "big cat", ""};
      for (std::size_t i = 0; i < 5; ++i) {
        CAPTURE(i);
        CHECK(read[i].image == sprites()[order[i]].image);
        CHECK(read[i].class_name == classes[i]);
      }
      CHECK(read[2].name == "big_cat_0");
    }
  }
}

TEST_CASE("every atlas that is offered is written, beside a sheet of the same pixels") {
  for (const ParamSpec& spec : sheet_specs()) {
    if (spec.id != "atlas") continue;
    for (const std::string& atlas : spec.choices) {
      CAPTURE(atlas);
      const ExportFiles files = made("s.png", {{"atlas", atlas}});
      CHECK(files.files.size() == (atlas == kNoAtlas ? 1 : 2));
      if (files.files.size() == 2) CHECK(files.files[1].path == fs::path(data_file(atlas, "s.png")));
    }
  }
  CHECK(data_file("unity", "a/s.png") == "a/s.png.meta");
}

TEST_CASE("a file for each sprite, with a collection for Tiled") {
  const ExportFiles files = made("t/{class}/{n:02}.png", {{"atlas", "tiled"}, {"scale", 2}});
  REQUIRE(files.files.size() == 6);
  CHECK(files.files[1].path == fs::path("t/potion/01.png"));
  CHECK(files.files[2].path == fs::path("t/big cat/00.png"));
  CHECK(files.files[4].path == fs::path("t/sprite/00.png"));
  CHECK(files.files[5].path == fs::path("t/sprites.tsx"));
  CHECK(decode_image(files.files[1].bytes, "x").width == 16);
  const std::string text(files.files[5].bytes.begin(), files.files[5].bytes.end());
  CHECK(text.find("source=\"potion/01.png\"") != std::string::npos);
  CHECK(error_of([] { made("{class}.png", {}); }).hint.find("{n}") != std::string::npos);
  CHECK(error_of([] { made("{n}.png", {{"atlas", "godot"}}); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("an indexed sheet has the colours in the order of the palette with which the sprites were made") {
  ExportSprites command{{}, "s.png", {sprite(0, "a")}, {{"indexed", true}}, {{7, 7, 7}}, false};
  const auto second_colour = [&] {
    for (const PngChunk& chunk : png_chunks(make_export_files(command).files[0].bytes)) {
      if (chunk.type == "PLTE") return Bytes(chunk.data.begin() + 3, chunk.data.begin() + 6);
    }
    return Bytes();
  };
  CHECK(second_colour() == Bytes{7, 7, 7});
  command.sprites[0].recipe.settings.shared_params["palette"] = std::string("#010203,#040506");
  CHECK(second_colour() == Bytes{1, 2, 3});
}

TEST_CASE("what an export cannot be") {
  CHECK(error_of([] { made("s.jpg", {}); }).hint.find(".npz") != std::string::npos);
  CHECK(error_of([] { made("s.npy", {{"atlas", "tiled"}}); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { made("s.png", {{"atlas", "tile"}}); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { made("s.png", {{"extrude", 1}, {"inner_padding", 1}}); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("a GUID that Unity knows a sheet by stays when the sheet is replaced") {
  const test::TemporaryFolder folder;
  const std::string guid = "0123456789abcdef0123456789abcdef", path = (folder.path() / "s.png").string();
  write_file(path + ".meta", "fileFormatVersion: 2\nguid: " + guid + "\n");
  ExportSprites command{{}, path, sprites(), {{"atlas", "unity"}}, {}, true};
  const Bytes kept = make_export_files(command).files[1].bytes;
  CHECK(std::string(kept.begin(), kept.end()).find("guid: " + guid) != std::string::npos);
}

TEST_CASE("a row for each class, with data that tells where they are") {
  ExportFiles files = made("s.png", {{"class_rows", true}, {"atlas", std::string("aseprite-array")}});
  CHECK(files.columns == 2);
  CHECK(files.picture.width == 16);
  CHECK(files.picture.height == 24);
  const std::vector<int> wanted = {0, 2, 1, 4, 3};  // the last row has one sprite
  REQUIRE(files.cells.size() == 5);
  for (std::size_t cell = 0; cell < 5; ++cell) {
    CHECK(files.cells[cell].sprite == wanted[cell]);
    CHECK(cut_out(files.picture, files.cells[cell].area) == sprites()[static_cast<std::size_t>(wanted[cell])].image);
  }
  files = made("s.png", {{"class_rows", true}, {"columns", 3}});
  CHECK(files.picture.width == 24);
  REQUIRE(files.cells.size() == 7);
  CHECK(files.cells[2].sprite == -1);
  CHECK(files.cells[3].sprite == 1);
  CHECK(cut_out(files.picture, files.cells[2].area) == Image(8, 8));
}

TEST_CASE("cells as the artist arranged them, with empty ones; data keeps classes together and tells the truth of places") {
  ExportSprites command{{}, "s.png", sprites(), {{"columns", 3}, {"atlas", std::string("aseprite-hash")}}, {}, false};
  command.cells = {4, -1, 0, 2, 3, 1, -1};
  const ExportFiles files = make_export_files(command);
  CHECK(files.columns == 3);
  CHECK(files.picture.height == 24);
  REQUIRE(files.cells.size() == 7);
  for (std::size_t cell = 0; cell < 7; ++cell) {
    CHECK(files.cells[cell].sprite == command.cells[cell]);
    const Image lies = cut_out(files.picture, files.cells[cell].area);
    CHECK(lies == (command.cells[cell] < 0 ? Image(8, 8) : sprites()[static_cast<std::size_t>(command.cells[cell])].image));
  }
  std::vector<std::string> notes;
  const Bytes& text = files.files[1].bytes;
  const auto sheets = read_sheet_json({reinterpret_cast<const char*>(text.data()), text.size()}, "s.json", notes);
  const auto read = cut_frames(files.picture, sheets.at(0), "s.json", notes);
  const std::size_t order[] = {0, 2, 4, 1, 3};  // the class of the first sprite first, each by its cells
  REQUIRE(read.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(read[i].image == sprites()[order[i]].image);

  for (const std::vector<int>& wrong : {std::vector{0, 1, 2, 3}, {0, 1, 2, 3, 3}, {0, 1, 2, 3, 5}, {0, 1, 2, 3, 4, 4}}) {
    command.cells = wrong;
    CHECK(error_of([&] { make_export_files(command); }).message.find("5 sprites once") != std::string::npos);
  }
}

TEST_CASE("data for an animated class has a tag for each of its animations, other classes have one") {
  std::vector<Sprite> all;
  const auto add = [&](const std::string& class_name, std::int64_t frame) {
    all.push_back(sprite(static_cast<int>(all.size()), class_name));
    all.back().recipe.settings.shared_params["frame"] = frame;
  };
  add("walker", 1), add("walker", 2), add("chest", 0), add("walker", 1), add("walker", 2), add("chest", 0);
  const ExportFiles files = make_export_files({{}, "s.png", all, {{"atlas", std::string("aseprite-array")}}, {}, false});
  std::vector<std::string> notes;
  const Bytes& text = files.files[1].bytes;
  const auto sheets = read_sheet_json({reinterpret_cast<const char*>(text.data()), text.size()}, "s.json", notes);
  const auto read = cut_frames(decode_image(files.files[0].bytes, "s.png"), sheets.at(0), "s.json", notes);
  std::vector<std::string> tags;
  for (const auto& one : read) tags.push_back(one.tag);
  CHECK((tags == std::vector<std::string>{"walker", "walker", "walker 2", "walker 2", "chest", "chest"}));
}

TEST_CASE("a sheet is read back as the classes and animations that it was made of") {
  std::vector<Sprite> all;
  const auto add = [&](const std::string& class_name, std::int64_t frame) {
    all.push_back(sprite(0, class_name));  // all alike: nothing but the data tells what is an animation
    all.back().image.pixel(3, 3)[0] = static_cast<std::uint8_t>(all.size());
    all.back().recipe.settings.shared_params["frame"] = frame;
  };
  for (const char* name : {"walker", "walker", "walker 2", "potion"}) add(name, 1), add(name, 2), add(name, 3);
  for (std::size_t i = 9; i < 12; ++i) all[i].recipe.settings.shared_params.clear();  // potions
  for (const char* atlas : {"aseprite-array", "aseprite-hash"}) {
    const test::TemporaryFolder folder;
    const ExportFiles files = make_export_files({{}, (folder / "s.png").string(), all, {{"atlas", std::string(atlas)}}, {}, false});
    for (const NewFile& file : files.files) write_file(file.path, file.bytes);
    const SpriteCollection read = read_collection({.path = (folder / "s.json").string()});
    CHECK(read.notes.empty());
    REQUIRE(read.sprites.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      CAPTURE(i);
      CHECK(read.sprites[i].image == all[i].image);
      CHECK(read.sprites[i].class_name == all[i].recipe.condition[0].name);
      CHECK(read.sprites[i].frame == (i < 9 ? static_cast<int>(i % 3) : -1));
    }
  }
}

TEST_CASE("frames that are alone are no animation, and those of another seed do not go on with one") {
  std::vector<SampledSprite> asked;
  const std::vector<std::string> classes(6, "walker");
  for (const int frame : {2, 2, 1, 2, 3, 1}) asked.push_back({{{"walker", 1}}, frame, 0});
  const auto text = [&] {
    std::string all;
    for (const PlayedTag& tag : played_tags(asked, classes)) all += tag.name + (tag.animated ? "+ " : "- ");
    return all;
  };
  CHECK(text() == "walker- walker 2- walker 3+ walker 3+ walker 3+ walker 4- ");
  asked[4].seed = 1;
  CHECK(text() == "walker- walker 2- walker 3+ walker 3+ walker 4- walker 5- ");
  for (SampledSprite& one : asked) one.frame = 2;
  CHECK(text() == "walker- walker- walker- walker- walker- walker- ");
}

TEST_CASE("all sprites as one animation, whatever their classes are") {
  ExportSprites command{{}, "s.png", sprites(), {{"atlas", std::string("aseprite-array")}, {"frame_ms", 80}}, {}, false};
  command.animation = "morph";
  const ExportFiles files = make_export_files(command);
  const json data = json::parse(files.files[1].bytes);
  REQUIRE(data["meta"]["frameTags"].size() == 1);
  CHECK(data["meta"]["frameTags"][0]["name"] == "morph");
  CHECK(data["meta"]["frameTags"][0]["to"] == 4);
  CHECK(data["meta"]["frameTags"][0]["data"] == "animated=1");
  for (std::size_t i = 0; i < 5; ++i) {
    const json& frame = data["frames"][i];
    CHECK(frame["filename"] == "morph_" + std::to_string(i));
    CHECK(frame["duration"] == 80);
    const Rect area{frame["frame"]["x"], frame["frame"]["y"], frame["frame"]["w"], frame["frame"]["h"]};
    CHECK(cut_out(files.picture, area) == sprites()[i].image);
  }
  command.options = {{"atlas", std::string("tiled")}, {"class_rows", true}};
  const Bytes tiled = make_export_files(command).files[1].bytes;
  CHECK(std::string(tiled.begin(), tiled.end()).find("<frame tileid=\"4\" duration=\"100\"/>\n  </animation>") !=
        std::string::npos);
}
