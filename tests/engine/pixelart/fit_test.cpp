#include "engine/pixelart/fit.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/pixelart/area_average.h"
#include "engine/pixelart/crop.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

// Opaque, and no two neighbours are alike: there is no grid in it.
Image noisy(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::uint8_t colour[] = {static_cast<std::uint8_t>(x * 37 + y * 11), static_cast<std::uint8_t>(x * 5),
                                     static_cast<std::uint8_t>(y * 9), 255};
      std::copy_n(colour, 4, image.pixel(x, y));
    }
  }
  return image;
}

Image grey(int value) {
  Image pixel(1, 1);
  const auto byte = static_cast<std::uint8_t>(value);
  pixel.rgba = {byte, byte, byte, 255};
  return pixel;
}

Image art() { return drawn({"rgbwyr", "yrrgbw", "gbgbry", "ryrbwg", "bwgyrb", "wgbryw"}); }

// Enlarged ×5, with a rim of transparent pixels: 2 at the left, else 1.
Image moved_art() {
  Image image(33, 32);
  paste(image, upscaled(art(), 5), 2, 1);
  return image;
}

}  // namespace

TEST_CASE("a mean by area is one of OKLab, where dark lines stay dark") {
  CHECK(area_averaged(drawn({"kw", "kw"}), 1, 1) == grey(99));  // lightness 1/2 is 1/8 of the light
  const Image thirds = area_averaged(drawn({"kww"}), 2, 1);     // two thirds black, and white alone
  CHECK(cut_out(thirds, {0, 0, 1, 1}) == grey(54));             // lightness 1/3
  CHECK(cut_out(thirds, {1, 0, 1, 1}) == grey(255));
  CHECK(area_averaged(drawn({"rrbb", "rrbb", "yykk", "yykk"}), 2, 2) == drawn({"rb", "yk"}));
  CHECK(area_averaged(noisy(7, 5), 7, 5) == noisy(7, 5));
}

TEST_CASE("transparent pixels darken no others, and hard edges stay hard") {
  CHECK(area_averaged(drawn({"r..."}), 2, 1) == drawn({"r."}));
  CHECK(area_averaged(drawn({"r."}), 1, 1) == drawn({"r"}));  // half is enough
  CHECK(area_averaged(drawn({"r.."}), 2, 1) == drawn({"r."}));
  CHECK(area_averaged(drawn({".r."}), 2, 1) == drawn({".."}));
  Image hidden = drawn({"r."});
  hidden.rgba[4] = hidden.rgba[5] = hidden.rgba[6] = 255;  // a white that nobody sees
  CHECK(area_averaged(hidden, 1, 1) == drawn({"r"}));
  Image soft = drawn({"rr"});
  soft.rgba[3] = 100, soft.rgba[7] = 200;
  Image mean = drawn({"r"});
  mean.rgba[3] = 150;
  CHECK(area_averaged(soft, 1, 1) == mean);
}

TEST_CASE("what fits without loss is as fitted_to_sprite has it") {
  Image hidden = noisy(7, 5);
  hidden.rgba[3] = 0;  // with its colour
  for (const Image& image : {noisy(16, 12), noisy(7, 5), hidden, upscaled(noisy(16, 12), 5), upscaled(noisy(7, 5), 4),
                             upscaled(upscaled(noisy(8, 6), 2), 3)})
    CHECK(fitted(image, fit_to_sprite(image, 16, 12)) == fitted_to_sprite(image, "it", 16, 12));
  CHECK(fit_text(fit_to_sprite(noisy(16, 12), 16, 12)).empty());
  CHECK(fit_text(fit_to_sprite(noisy(12, 10), 16, 12)).empty());
  CHECK(fit_text(fit_to_sprite(upscaled(noisy(16, 12), 5), 16, 12)) == "80×60 was reduced to its true pixels, 16×12");
  CHECK(code_of([] { fitted_to_sprite(noisy(24, 20), "it", 16, 16); }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("what is too large is reduced in its proportions, and comes to lie in the middle") {
  const SpriteFit wide = fit_to_sprite(noisy(24, 20), 16, 16);
  CHECK(wide.part == Rect{0, 0, 24, 20});
  CHECK(wide.place == Rect{0, 1, 16, 13});
  CHECK(fit_text(wide) == "24×20 was reduced to 16×13");
  Image expected(16, 16);
  paste(expected, area_averaged(noisy(24, 20), 16, 13), 0, 1);
  CHECK(fitted(noisy(24, 20), wide) == expected);
  CHECK(fit_to_sprite(noisy(20, 24), 16, 16).place == Rect{1, 0, 13, 16});
  CHECK(fit_to_sprite(noisy(64, 64), 16, 16).place == Rect{0, 0, 16, 16});
  CHECK(fit_to_sprite(noisy(64, 64), 16, 24).place == Rect{0, 4, 16, 16});
  CHECK(fit_to_sprite(noisy(900, 2), 16, 16).place == Rect{0, 7, 16, 1});
  CHECK(fit_text(fit_to_sprite(upscaled(noisy(24, 20), 2), 16, 16)) ==
        "48×40 was reduced to its true pixels, 24×20, then reduced to 16×13");
  CHECK(fitted(upscaled(noisy(24, 20), 2), fit_to_sprite(upscaled(noisy(24, 20), 2), 16, 16)) == expected);
  const Image flat(40, 30);  // with nothing in it
  CHECK(fitted(flat, fit_to_sprite(flat, 16, 16)) == Image(16, 16));
}

TEST_CASE("a very large image is reduced by a part of its pixels, which gives the same where they are alike") {
  Image halves(4000, 3000);
  for (std::size_t i = 0; i < halves.rgba.size(); i += 4) {
    const bool left = i / 4 % 4000 < 2000;
    halves.rgba[i] = left ? 255 : 0, halves.rgba[i + 2] = left ? 0 : 255, halves.rgba[i + 3] = 255;
  }
  halves.pixel(1, 1)[1] = 1;  // or it would be two pixels, enlarged
  const Image small = fitted(halves, fit_to_sprite(halves, 16, 16));
  Image expected(16, 16);
  for (int y = 2; y < 14; ++y) {
    for (int x = 0; x < 16; ++x) std::copy_n((x < 8 ? drawn({"r"}) : drawn({"b"})).rgba.data(), 4, expected.pixel(x, y));
  }
  CHECK(small == expected);
}

TEST_CASE("transparent margins go before anything is reduced") {
  Image image(24, 20);
  paste(image, noisy(12, 10), 5, 3);
  const SpriteFit fit = fit_to_sprite(image, 16, 16);
  CHECK(fit.part == Rect{5, 3, 12, 10});
  CHECK(fit_text(fit) == "24×20 was cut to what is drawn, 12×10");
  CHECK(fitted(image, fit) == padded_to(noisy(12, 10), 16, 16));
}

TEST_CASE("a true grid is found where it is moved, too") {
  Image rimmed(8, 8);
  paste(rimmed, art(), 1, 1);
  const SpriteFit fit = fit_to_sprite(moved_art(), 16, 16);
  CHECK(fit.grid == PixelGrid{5, 2, 1});
  CHECK(fit_text(fit) == "33×32 was reduced to its true pixels, 8×8");
  CHECK(fitted(moved_art(), fit) == padded_to(rimmed, 16, 16));
  const SpriteFit exact = fit_to_sprite(moved_art(), 6, 6);
  CHECK(fit_text(exact) == "33×32 was reduced to its true pixels, 8×8, then cut to what is drawn, 6×6");
  CHECK(fitted(moved_art(), exact) == art());
  const SpriteFit small = fit_to_sprite(moved_art(), 4, 4);
  CHECK(fit_text(small) == "33×32 was reduced to its true pixels, 8×8, then cut to what is drawn, 6×6, then reduced to 4×4");
  CHECK(fitted(moved_art(), small) == area_averaged(art(), 4, 4));
}

TEST_CASE("marks on an image come to lie where its pixels do") {
  const auto marked = [](const Image& image, int x, int y, int side) {
    std::vector<bool> marks(static_cast<std::size_t>(image.width * image.height), false);
    marks[static_cast<std::size_t>(y * image.width + x)] = true;
    const std::vector<bool> fitted = fitted_marks(marks, fit_to_sprite(image, side, side));
    std::vector<int> places;
    for (std::size_t i = 0; i < fitted.size(); ++i) {
      if (fitted[i]) places.push_back(static_cast<int>(i));
    }
    return places;
  };
  CHECK(marked(noisy(24, 20), 0, 0, 16) == std::vector<int>{16});
  CHECK(marked(noisy(24, 20), 1, 1, 16) == std::vector<int>{16, 17, 32, 33});  // it lies over four of them
  CHECK(marked(noisy(24, 20), 23, 19, 16) == std::vector<int>{13 * 16 + 15});
  CHECK(marked(noisy(12, 10), 0, 0, 16) == std::vector<int>{3 * 16 + 2});
  CHECK(marked(upscaled(noisy(16, 16), 5), 7, 12, 16) == std::vector<int>{2 * 16 + 1});
  CHECK(marked(moved_art(), 2, 1, 6) == std::vector<int>{0});
  CHECK(marked(moved_art(), 31, 30, 6) == std::vector<int>{35});
  CHECK(marked(moved_art(), 1, 1, 6).empty());  // in the margin
}
