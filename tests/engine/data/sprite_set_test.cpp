#include "engine/data/sprite_set.h"

#include "engine/data/collected_set.h"
#include "engine/formats/image_file.h"
#include "tests/engine/data/support.h"
#include "tests/engine/formats/support.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

// Two classes of two sprites each.
void write_small_set(const TemporaryFolder& scratch) {
  write_png(scratch / "potion/red.png", drawing(1, 1));
  write_png(scratch / "potion/blue.png", drawing(2, 2));
  write_png(scratch / "axe/long.png", drawing(3, 3));
  write_png(scratch / "axe/short.png", drawing(4, 4));
}

}  // namespace

TEST_CASE("a folder of class folders becomes a set, classes by name") {
  const TemporaryFolder scratch;
  write_small_set(scratch);
  const SpriteSet set = read_sprite_set(scratch.path().string());
  CHECK(set.classes == std::vector<std::string>{"axe", "potion"});
  CHECK(set.width == 16);
  CHECK(set.height == 16);
  REQUIRE(set.sprites.size() == 4);
  CHECK(set.sprites[0].file == "axe/long.png");
  CHECK(set.sprites[0].class_index == 0);
  CHECK(set.sprites[3].file == "potion/red.png");
  CHECK(set.sprites[3].class_index == 1);
  CHECK(set.sprites[3].image == drawing(1, 1));
  CHECK(set.warnings.empty());
}

TEST_CASE("colour under full transparency is cleared") {
  const TemporaryFolder scratch;
  Image image = drawing(1, 1);
  REQUIRE(image.pixel(0, 0)[3] == 0);
  set_pixel(image, 0, 0, {200, 100, 50}, 0);
  write_png(scratch / "a/one.png", image);
  write_png(scratch / "a/two.png", drawing(2, 2));
  CHECK(read_sprite_set(scratch.path().string()).sprites[0].image == drawing(1, 1));
}

TEST_CASE("a set without transparency: over a colour, or over the mean along the borders") {
  SpriteSet set;
  Image sprite(3, 3);
  set_pixel(sprite, 0, 0, {10, 20, 30});
  set_pixel(sprite, 2, 1, {13, 20, 30});
  set_pixel(sprite, 1, 1, {200, 0, 0});  // not at the border
  set_pixel(sprite, 1, 2, {255, 255, 255}, 100);
  set.sprites = {{"a", 0, sprite}};
  const auto pixel = [](const SpriteSet& of, int x, int y) {
    const std::uint8_t* p = of.sprites[0].image.pixel(x, y);
    return std::vector<int>{p[0], p[1], p[2], p[3]};
  };
  const SpriteSet blue = over_background(set, "#0000ff");
  CHECK(pixel(blue, 0, 0) == std::vector<int>{10, 20, 30, 255});
  CHECK(pixel(blue, 1, 0) == std::vector<int>{0, 0, 255, 255});
  CHECK(pixel(blue, 1, 2) == std::vector<int>{100, 100, 255, 255});
  CHECK(pixel(over_background(set, "auto"), 1, 0) == std::vector<int>{12, 20, 30, 255});
  set.sprites[0].image = Image(3, 3);
  CHECK(pixel(over_background(set, "auto"), 1, 1) == std::vector<int>{255, 255, 255, 255});
  for (const std::string wrong : {"blue", "#00f,#fff", "", "/etc/passwd"})
    CHECK(error_of([&] { over_background(set, wrong); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("folders that make no set are refused") {
  const TemporaryFolder scratch;
  const auto refusal = [&] { return error_of([&] { read_sprite_set(scratch.path().string()); }); };
  CHECK(refusal().code == ErrorCode::kNotFound);
  CHECK(error_of([&] { read_sprite_set((scratch / "none").string()); }).code == ErrorCode::kNotFound);

  write_png(scratch / "a/one.png", drawing(1, 1));
  CHECK(refusal().code == ErrorCode::kUnsupported);
  CHECK(refusal().message.find("single") != std::string::npos);

  write_png(scratch / "a/two.png", drawing(2, 2));
  CHECK(refusal().message.empty());
  write_png(scratch / "b/odd.png", Image(17, 16));
  CHECK(refusal().code == ErrorCode::kUnsupported);
  CHECK(refusal().message.find("b/odd.png") != std::string::npos);
  CHECK(refusal().message.find("17×16") != std::string::npos);
  CHECK(refusal().message.find("16×16") != std::string::npos);
}

TEST_CASE("a class folder whose name could not be written into a model is refused") {
  const TemporaryFolder scratch;
  write_small_set(scratch);
  write_png(scratch / "caf\xC3\xA9/one.png", drawing(5, 5));
  CHECK(read_sprite_set(scratch.path().string()).classes[1] == "café");
  write_png(scratch / "caf\xE9/one.png", drawing(6, 6));  // Latin-1
  CHECK(error_of([&] { read_sprite_set(scratch.path().string()); }).code == ErrorCode::kUnsupported);
}

TEST_CASE("what cannot be read is left out and named") {
  const TemporaryFolder scratch;
  write_small_set(scratch);
  const Bytes png = encode_png(drawing(5, 5));
  write_file(scratch / "axe/cut.png", std::span(png).first(png.size() / 2));
  write_file(scratch / "axe/empty.png", "");
  const SpriteSet set = read_sprite_set(scratch.path().string());
  CHECK(set.sprites.size() == 4);
  REQUIRE(set.warnings.size() == 2);
  CHECK(set.warnings[0].find("axe/cut.png") != std::string::npos);
  CHECK(set.warnings[1].find("axe/empty.png") != std::string::npos);

  const TemporaryFolder broken;
  write_file(broken / "a/one.png", "x");
  write_file(broken / "a/two.png", "y");
  CHECK_FALSE(error_of([&] { read_sprite_set(broken.path().string()); }).message.empty());
}

TEST_CASE("the fingerprint follows pixels, classes and their members, not the place") {
  const TemporaryFolder scratch, elsewhere;
  write_small_set(scratch);
  write_small_set(elsewhere);
  const SpriteSet set = read_sprite_set(scratch.path().string());
  const std::string print = fingerprint(set);
  CHECK(print.size() == 64);
  CHECK(fingerprint(read_sprite_set(elsewhere.path().string())) == print);

  SpriteSet changed = set;
  ++changed.sprites[2].image.rgba[4 * 100];
  CHECK(fingerprint(changed) != print);
  changed = set;
  changed.classes[0] = "ax";
  CHECK(fingerprint(changed) != print);
  changed = set;
  changed.sprites[1].class_index = 1;
  CHECK(fingerprint(changed) != print);
  changed = set;
  changed.sprites.pop_back();
  CHECK(fingerprint(changed) != print);
}
