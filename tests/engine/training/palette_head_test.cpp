#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "engine/training/recipe_batches.h"
#include "tests/engine/training/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

// Two sprites of 16×16 with that many colours together.
SpriteSet set_of(int colours, std::uint8_t alpha = 255) {
  SpriteSet set{16, 16, {"a"}, {}, {}};
  for (int i = 0; i < 2; ++i) {
    Image image(16, 16);
    for (int p = 0; p < 256; ++p) {
      std::uint8_t* pixel = image.pixel(p % 16, p / 16);
      const int colour = (i * 256 + p) % colours;
      pixel[0] = static_cast<std::uint8_t>(colour % 256), pixel[1] = static_cast<std::uint8_t>(colour / 256), pixel[3] = alpha;
    }
    set.sprites.push_back({"", 0, image});
  }
  return set;
}

PaletteEntries head_of(const SpriteSet& set, const std::string& value) {
  return palette_head_of(set, make_recipe("", {{"palette", value}}));
}

}  // namespace

TEST_CASE("a palette head has the set's own colours where they are few, or as many as are asked for") {
  CHECK(head_of(set_of(20), "off").empty());
  CHECK(head_of(set_of(20), "auto").size() == 21);
  CHECK((head_of(set_of(20), "auto").front() == kTransparent));
  CHECK(head_of(set_of(256), "auto").size() == 257);
  CHECK(head_of(set_of(257), "auto").empty());
  CHECK(head_of(set_of(20, 128), "auto").empty());
  CHECK(head_of(set_of(20, 128), "12").size() == 13);
  CHECK(head_of(set_of(400), "32").size() == 33);
  for (const char* bad : {"1", "257", "many", "", "-3"})
    CHECK(error_of([&] { head_of(set_of(20), bad); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("in a palette, every pixel is one of its entries, alpha and all") {
  for (const std::uint8_t alpha : {255, 200, 40}) {
    CAPTURE(alpha);
    SpriteSet set = set_of(400, alpha);
    for (int x = 0; x < 16; ++x) set.sprites[0].image.pixel(x, 0)[3] = 255, set.sprites[1].image.pixel(x, 0)[3] = 0;
    const PaletteEntries entries = head_of(set, "6");
    const SpriteSet mapped = in_palette(set, entries);
    for (const LabelledSprite& sprite : mapped.sprites) {
      for (std::size_t i = 0; i < sprite.image.rgba.size(); i += 4) {
        const std::uint8_t* p = &sprite.image.rgba[i];
        CHECK(std::count(entries.begin(), entries.end(), Rgba8{p[0], p[1], p[2], p[3]}) == 1);
      }
    }
    CHECK(mapped.sprites[0].image.pixel(3, 0)[3] == 255);
    CHECK(mapped.sprites[1].image.pixel(3, 0)[3] == 0);
    CHECK(std::abs(mapped.sprites[0].image.pixel(3, 9)[3] - alpha) < 3);
  }
  CHECK(in_palette(set_of(400, 200), {}).sprites[0].image == set_of(400, 200).sprites[0].image);
}

TEST_CASE(
    "a palette head takes the place of a prediction: of another one than the usual, it is not made unasked, and refused if asked "
    "for") {
  const auto with = [](const std::string& palette) {
    return make_recipe("", {{"palette", palette}, {"prediction", std::string("eps")}});
  };
  CHECK(palette_head_of(set_of(20), make_recipe("", {})).size() == 21);
  CHECK(palette_head_of(set_of(20), with("auto")).empty());
  CHECK(palette_head_of(set_of(20), make_recipe("ddpm", {})).empty());
  CHECK(error_of([&] { palette_head_of(set_of(20), with("16")); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("a run with a palette head says so") {
  const auto notes_of = [&](SpriteSet set, const std::string& palette) {
    TrainerOptions options;
    options.recipe = small_recipe({{"palette", palette}, {"validation_share", 0.0}});
    options.set = std::move(set);
    options.threads = 1;
    const Trainer trainer(std::move(options));
    std::string all;
    for (const auto& note : trainer.notes()) all += note;
    return all;
  };
  CHECK(notes_of(set_of(20), "auto").find("20 colours") != std::string::npos);
  CHECK(notes_of(set_of(300), "auto").empty());
  CHECK(notes_of(set_of(300), "16").find("16 colours") != std::string::npos);
  CHECK(notes_of(set_of(20), "off").empty());
}
