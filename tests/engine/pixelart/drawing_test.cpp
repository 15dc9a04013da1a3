// What is expected was made with Pillow (lines, fills, flips, turns) and NumPy (rolls, mirror images).

#include "engine/pixelart/drawing.h"

#include <doctest/doctest.h>

#include "engine/pixelart/transform.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr Rgba8 kRed{255, 0, 0, 255}, kGreen{0, 255, 0, 255}, kBlue{0, 0, 255, 255};

Image line(PixelPoint from, PixelPoint to) {
  Image image(12, 9);
  paint(image, line_pixels(from, to), kRed);
  return image;
}

Image filled(PixelPoint at) {
  Image image = drawn({"rrrr..bb", "r..r..bb", "r.rr.b..", "..r.rr.r", "rrr.r..r", "....rrrr"});
  flood_fill(image, at, kGreen);
  return image;
}

Image small() { return drawn({"rg.b", "wk.y", "..rr"}); }

}  // namespace

TEST_CASE("A line has a pixel for each step along its longer side") {
  const std::string none = "............";
  CHECK(line({0, 0}, {11, 4}) ==
        drawn({"rr..........", "..rrr.......", ".....rr.....", ".......rrr..", "..........rr", none, none, none, none}));
  CHECK(line({2, 8}, {5, 0}) == drawn({".....r......", ".....r......", "....r.......", "....r.......", "....r.......",
                                       "...r........", "...r........", "..r.........", "..r........."}));
  CHECK(line({11, 8}, {4, 2}) == drawn({none, none, "....r.......", ".....r......", "......r.....", ".......rr...", ".........r..",
                                        "..........r.", "...........r"}));
  CHECK(line({10, 1}, {1, 2}) == drawn({none, "......rrrrr.", ".rrrrr......", none, none, none, none, none, none}));
  CHECK(line_pixels({6, 8}, {6, 1}).size() == 8);
  CHECK(line_pixels({3, 3}, {3, 3}) == std::vector<PixelPoint>{{3, 3}});
}

TEST_CASE("What is drawn outside is left out") {
  Image image(3, 3);
  paint(image, line_pixels({-4, -4}, {6, 6}), kRed);
  CHECK(image == drawn({"r..", ".r.", "..r"}));
  flood_fill(image, {3, 0}, kGreen);
  flood_fill(image, {0, -1}, kGreen);
  CHECK(image == drawn({"r..", ".r.", "..r"}));
  CHECK(pixel_at(image, {-1, 0}) == kTransparent);
}

TEST_CASE("A rectangle: its border, or all of it; any two opposite corners name it") {
  Image image(6, 5);
  paint(image, rectangle_pixels(rect_of({4, 3}, {1, 1}), false), kRed);
  CHECK(image == drawn({"......", ".rrrr.", ".r..r.", ".rrrr.", "......"}));
  paint(image, rectangle_pixels(rect_of({2, 0}, {3, 4}), true), kGreen);
  CHECK(image == drawn({"..gg..", ".rggr.", ".rggr.", ".rggr.", "..gg.."}));
  CHECK(rect_of({2, 2}, {2, 2}) == Rect{2, 2, 1, 1});
}

TEST_CASE("A fill goes through side neighbours of exactly one value") {
  CHECK(filled({1, 1}) == drawn({"rrrr..bb", "rggr..bb", "rgrr.b..", "ggr.rr.r", "rrr.r..r", "....rrrr"}));
  CHECK(filled({7, 2}) == drawn({"rrrr..bb", "r..r..bb", "r.rr.bgg", "..r.rrgr", "rrr.rggr", "....rrrr"}));
  CHECK(filled({0, 0}) == drawn({"gggg..bb", "g..g..bb", "g.gg.b..", "..g.rr.r", "ggg.r..r", "....rrrr"}));
  CHECK(filled({6, 0}) == drawn({"rrrr..gg", "r..r..gg", "r.rr.b..", "..r.rr.r", "rrr.r..r", "....rrrr"}));
  Image close(3, 1);
  set_pixel(close, {0, 0}, {10, 20, 30, 255});
  set_pixel(close, {1, 0}, {10, 20, 31, 255});
  set_pixel(close, {2, 0}, {10, 20, 30, 254});
  flood_fill(close, {0, 0}, kGreen);
  CHECK(pixel_at(close, {1, 0}) == Rgba8{10, 20, 31, 255});
  CHECK(pixel_at(close, {2, 0}) == Rgba8{10, 20, 30, 254});
}

TEST_CASE("Transparent is one value, whatever colour is hidden under it") {
  Image image = drawn({"..r"});
  image.pixel(0, 0)[0] = 200;
  CHECK(pixel_at(image, {0, 0}) == kTransparent);
  flood_fill(image, {1, 0}, kGreen);
  CHECK(image == drawn({"ggr"}));
  paint(image, {{2, 0}}, {9, 9, 9, 0});
  CHECK(image == drawn({"gg."}));
}

TEST_CASE("Mirror drawing: across, from top to bottom, and both") {
  const auto mirrored_line = [](Mirroring mirroring) {
    Image image(8, 7);
    paint(image, line_pixels({0, 0}, {2, 1}), kRed, mirroring);
    return image;
  };
  const std::string none = "........";
  CHECK(mirrored_line({true, false}) == drawn({"r......r", ".rr..rr.", none, none, none, none, none}));
  CHECK(mirrored_line({false, true}) == drawn({"r.......", ".rr.....", none, none, none, ".rr.....", "r......."}));
  CHECK(mirrored_line({true, true}) == drawn({"r......r", ".rr..rr.", none, none, none, ".rr..rr.", "r......r"}));
  Image image = drawn({".r.r.", ".r.r."});
  flood_fill(image, {0, 1}, kGreen, {true, false});
  CHECK(image == drawn({"gr.rg", "gr.rg"}));
  Image whole(3, 1);  // the mirror image's region is the same
  flood_fill(whole, {0, 0}, kGreen, {true, true});
  CHECK(whole == drawn({"ggg"}));
}

TEST_CASE("A colour is replaced everywhere, transparent too, and they are counted") {
  Image image = small();
  CHECK(replace_colour(image, kRed, kBlue) == 3);
  CHECK(image == drawn({"bg.b", "wk.y", "..bb"}));
  CHECK(replace_colour(image, kTransparent, kGreen) == 4);
  CHECK(image == drawn({"bggb", "wkgy", "ggbb"}));
  CHECK(replace_colour(image, kGreen, kTransparent) == 5);
  CHECK(image == drawn({"b..b", "wk.y", "..bb"}));
  CHECK(replace_colour(image, {1, 2, 3, 255}, kRed) == 0);
}

TEST_CASE("Flips and turns") {
  CHECK(flipped_left_right(small()) == drawn({"b.gr", "y.kw", "rr.."}));
  CHECK(flipped_top_bottom(small()) == drawn({"..rr", "wk.y", "rg.b"}));
  CHECK(turned_clockwise(small()) == drawn({".wr", ".kg", "r..", "ryb"}));
  CHECK(turned_anticlockwise(small()) == drawn({"byr", "..r", "gk.", "rw."}));
}

TEST_CASE("A shift wraps around") {
  CHECK(shifted(small(), 1, 0) == drawn({"brg.", "ywk.", "r..r"}));
  CHECK(shifted(small(), -1, 0) == drawn({"g.br", "k.yw", ".rr."}));
  CHECK(shifted(small(), 0, 1) == drawn({"..rr", "rg.b", "wk.y"}));
  CHECK(shifted(small(), 5, -2) == drawn({"r..r", "brg.", "ywk."}));
  CHECK(shifted(small(), -7, 3) == drawn({"brg.", "ywk.", "r..r"}));
}

TEST_CASE("What is laid over shows what is under it where it is transparent, and ends at the edge") {
  Image image = drawn({"bbbb", "bbbb", "bbbb"});
  lay_over(image, drawn({"r.", ".g"}), 1, 1);
  CHECK(image == drawn({"bbbb", "brbb", "bbgb"}));
  lay_over(image, drawn({"kk", "kk"}), 3, -1);
  CHECK(image == drawn({"bbbk", "brbb", "bbgb"}));
}
